"""The page on which an officer decides part by part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.datamap.models import Field
from requests.admin.decision_form import key_words
from requests.deciding.found import found_lines
from requests.models import CategoryDecision, SubjectRequest
from tests.requests.conftest import letter_kinds
from tests.requests.deciding import SECRET, to_decide, under

REASON = "It tells what somebody else said."


def page(case: SubjectRequest, act: str = "decide") -> str:
    return f"/officer/requests/subjectrequest/{case.pk}/{act}/"


def text(response) -> str:
    return response.content.decode()


def filled(case: SubjectRequest, *verdicts: str, split: tuple[str, ...] = (), **more: object) -> dict[str, object]:
    """What a browser sends: `more` is for every part that is not granted."""
    data: dict[str, object] = {"plan_hash": case.plan_hash, "by": list(split)}
    for number, (line, verdict) in enumerate(zip(found_lines(case, split=split), verdicts, strict=True), start=1):
        data[f"part{number}-decision"] = verdict
        if verdict == "grant":
            continue
        given = {"ground": "GH.third_party", "reasons": REASON, "nothing_severable": "on"} | more
        if verdict == "partial":
            table = line.tables[0]
            given |= {"left_out": [f"{table.place}|{table.columns[0][0]}"], "severed": "The name of a neighbour"}
        data |= {f"part{number}-{name}": value for name, value in given.items()}
    return data


def test_an_officer_decides_part_by_part_without_a_script(officer_client):
    case = to_decide("identity", "contact", "financial")
    shown = text(officer_client.get(page(case)))
    for words in (
        "Decide part by part",
        "Identity",
        "Contact details",
        "Financial",
        "contact number 1",
        "Table 0",
        "3 rows",
    ):
        assert words in shown
    response = officer_client.post(page(case, "decide-parts"), filled(case, "grant", "partial", "refuse"), follow=True)
    assert "Decided. What was granted is being carried out." in text(response)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("executing", "partial")
    assert list(case.decisions.values_list("category", "decision", "left_out")) == [
        ("identity", "grant", {}),
        ("contact", "partial", {found_lines(case)[1].tables[0].place: ["contact_0"]}),
        ("financial", "refuse", {}),
    ]
    card = text(officer_client.get(page(case, "change")))
    for words in ("Decided part by part", "Act 843 s. 32: ", REASON, "The name of a neighbour", "contact_0"):
        assert words in card


EVIDENCE = "On the ground of Act 843 s. 33 the reasons name the evidence: the law wants the person to have it."


@pytest.mark.parametrize(("kind", "times"), [("erasure", 4), ("access", 0)])
def test_an_officer_is_asked_for_the_evidence_where_the_law_wants_the_person_to_have_it(officer_client, kind, times):
    case = to_decide("identity", "contact", kind=kind)
    assert text(officer_client.get(page(case))).count(EVIDENCE) == times  # of all, of each of two parts, and of the law


def test_what_the_person_asked_for_stands_above_what_was_found(officer_client):
    case = to_decide("identity")
    case.particulars, case.details = {"scope": "My invoices of 2025"}, "And nothing else, please."
    case.save()
    shown = text(officer_client.get(page(case)))
    for words in ("What the person asks for", "Which data", "My invoices of 2025", "And nothing else, please."):
        assert words in shown[: shown.index("Data found")]


def test_an_officer_leaves_out_of_a_copy_what_was_not_asked_for_and_needs_no_ground(officer_client):
    case = to_decide("identity", "contact")
    assert 'value="unasked"' in text(officer_client.get(page(case)))
    officer_client.post(page(case, "decide-parts"), filled(case, "grant", "unasked"))  # with a ground that is not shown
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("executing", "granted")
    stored = case.decisions.values_list("decision", "ground")
    assert list(stored) == [("grant", ""), ("unasked", "")]
    assert "the person did not ask for it" in text(officer_client.get(page(case, "change")))
    assert 'value="unasked"' not in text(officer_client.get(page(to_decide("identity", kind="erasure"))))


def test_what_is_wrong_is_said_at_the_top_and_beside_the_part_and_nothing_typed_is_lost(officer_client):
    case = to_decide("identity", "contact")
    response = officer_client.post(
        page(case, "decide-parts"), filled(case, "grant", "refuse", ground="", own_alternative="Ring us up")
    )
    shown = text(response)
    assert response.status_code == 200
    assert "There is a problem" in shown
    assert shown.count("Choose one of the grounds that the law knows for this kind of request.") == 2
    assert (REASON in shown, "Ring us up" in shown, 'href="#part-2"' in shown) == (True, True, True)
    case.refresh_from_db()
    assert (case.state, CategoryDecision.objects.count()) == ("deciding", 0)


def test_what_is_wrong_with_a_refusal_of_everything_is_said_at_the_top_and_nothing_typed_is_lost(officer_client):
    case = to_decide("identity")
    given = {"ground": "ANY.nothing_held", "text": REASON, "alternatives": ["summary"]}
    shown = text(officer_client.post(page(case, "refuse"), given))
    words = "This ground leaves no room for one of these offers. Choose others, or offer it in your own words."
    assert shown.count(words) == 2
    assert shown.index("There is a problem") < shown.index("Data found")
    assert ('href="#id_alternatives"' in shown, REASON in shown) == (True, True)
    case.refresh_from_db()
    assert case.state == "deciding"
    answer = officer_client.post(page(case, "refuse"), given | {"alternatives": []}, follow=True)
    assert "Refused. The letter with the reasons is on its way." in text(answer)


def test_refusing_everything_asks_for_the_confirmation_that_the_ground_wants_and_writes_down_no_other(officer_client):
    case = to_decide("identity", "contact")
    label = "I have looked: nothing of it can be given without the part that must be left out"
    assert text(officer_client.get(page(case))).count(label) == 3  # of each part, and of everything
    given = {"ground": "GH.third_party", "text": REASON, "own_alternative": "Ring us up"}
    shown = text(officer_client.post(page(case, "refuse"), given))
    assert shown.count("grant in part, or confirm that nothing of it can be.") == 2
    assert (REASON in shown, "Ring us up" in shown) == (True, True)
    case.refresh_from_db()
    assert (case.state, CategoryDecision.objects.count()) == ("deciding", 0)
    officer_client.post(page(case, "refuse"), given | {"nothing_severable": "on"})
    case.refresh_from_db()
    assert (case.state, CategoryDecision.objects.get().nothing_severable) == ("refused", True)


def test_no_confirmation_is_asked_or_written_down_where_the_ground_wants_none(officer_client):
    case = to_decide("identity", kind="erasure")
    assert "nothing of it can be given" not in text(officer_client.get(page(case)))
    officer_client.post(page(case, "refuse"), {"ground": "GH.retention_required", "text": REASON})
    case.refresh_from_db()
    assert (case.state, CategoryDecision.objects.get().nothing_severable) == ("refused", False)


def test_the_letter_is_shown_before_it_is_sent_and_looking_changes_nothing(officer_client):
    case = to_decide("identity", "contact")
    before = letter_kinds(case)
    shown = text(officer_client.post(page(case, "decide-parts"), filled(case, "grant", "refuse") | {"preview": "1"}))
    for words in ("Granted in part", "We do part of what you asked", REASON, "Data Protection Commission of Ghana"):
        assert words in shown
    case.refresh_from_db()
    assert (case.state, case.decided_at, CategoryDecision.objects.count(), letter_kinds(case)) == (
        "deciding", None, 0, before,
    )  # fmt: skip
    refused = text(officer_client.post(page(case, "decide-parts"), filled(case, "refuse", "refuse") | {"preview": "1"}))
    assert "have decided that we cannot do what you asked" in refused


def test_tables_of_a_category_are_decided_each_by_itself_when_the_officer_wants_that(officer_client):
    case = to_decide("identity", "contact", tables=2)
    assert "?by=contact#parts" in text(officer_client.get(page(case)))
    shown = text(officer_client.get(page(case) + "?by=contact"))
    assert shown.count('class="pd-part"') == 3
    data = filled(case, "grant", "grant", "refuse", split=("contact",))
    officer_client.post(page(case, "decide-parts"), data)
    assert list(case.decisions.values_list("category", "where", "decision")) == [
        ("identity", "Table 0, Table 1", "grant"), ("contact", "Table 0", "grant"), ("contact", "Table 1", "refuse"),
    ]  # fmt: skip


def test_the_page_asks_the_database_as_often_for_many_categories_and_tables_as_for_few(officer_client):
    few = to_decide("identity")
    many = to_decide("identity", "contact", "financial", "technical", "communication", columns=6, tables=5)
    counts = []
    for case in (few, few, many):  # the first warms up, and writes down that the file was opened
        officer_client.get(page(case))
        with CaptureQueriesContext(connection) as queries:
            officer_client.get(page(case))
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_an_authority_that_was_told_is_written_down_on_the_page_of_the_case(officer_client):
    under("CA-FED")
    case = to_decide("identity", "contact")
    data = filled(case, "grant", "refuse", ground="CA-FED.investigation", own_alternative="Call us.")
    officer_client.post(page(case, "decide-parts"), data)
    shown = text(officer_client.get(page(case, "change")))
    for words in ("not told yet", "Office of the Privacy Commissioner of Canada", "30 Victoria Street"):
        assert words in shown
    line = case.decisions.get(decision="refuse")
    told = {"decision": line.pk, "on": timezone.now().date().isoformat()}
    officer_client.post(page(case, "authority-notified"), told)
    line.refresh_from_db()
    assert line.authority_notified_on == timezone.now().date()
    assert "not told yet" not in text(officer_client.get(page(case, "change")))


@pytest.mark.parametrize("kind", ["access", "erasure"])
def test_grounds_that_nobody_may_be_told_of_are_offered_to_officers_with_what_they_mean(officer_client, kind):
    under("CA-FED")
    shown = text(officer_client.get(page(to_decide("identity", kind=kind))))
    assert (f'value="{SECRET}"' in shown) == (kind == "access")
    assert ("The person must not be told of it" in shown) == (kind == "access")


def test_a_case_that_was_decided_meanwhile_is_not_decided_again(officer_client, officer):
    case = to_decide("identity", "contact")
    data = filled(case, "grant", "refuse")
    officer_client.post(page(case, "decide-parts"), data)
    again = officer_client.post(page(case, "decide-parts"), data, follow=True)
    assert "There is nothing to decide in this case now." in text(again)
    assert case.decisions.count() == 2


def seen(case: SubjectRequest) -> dict[str, list[str]]:
    return {"seen": [key_words(line) for line in found_lines(case)]}


def test_a_decision_on_a_plan_that_was_made_anew_comes_back_with_its_words_beside_the_same_parts(officer_client):
    case = to_decide("identity", "contact", "financial")
    given = filled(case, "grant", "refuse", "refuse", own_alternative="Ring us up") | seen(case)
    given["part3-reasons"] = "About the financial part."
    Field.objects.filter(category="identity").delete()  # so that contact is the first part of the new plan
    Field.objects.filter(category="financial").delete()
    SubjectRequest.objects.filter(pk=case.pk).update(plan_hash="b" * 64)
    response = officer_client.post(page(case, "decide-parts"), given)
    shown = text(response)
    assert "The plan has changed since you opened the page. Look at the new plan first." in shown
    (part,) = response.context["parts"].parts
    kept = {name: part.form[name].value() for name in ("decision", "ground", "reasons", "own_alternative")}
    assert (part.line.category, kept) == (
        "contact",
        {"decision": "refuse", "ground": "GH.third_party", "reasons": REASON, "own_alternative": "Ring us up"},
    )
    assert "About the financial part." in shown
    assert f'name="plan_hash" value="{"b" * 64}"' in shown
    case.refresh_from_db()
    assert (case.state, CategoryDecision.objects.count()) == ("deciding", 0)


@pytest.mark.parametrize("act", ["decide-parts", "refuse"])
def test_what_was_typed_about_a_case_that_has_moved_on_is_shown_with_the_reason(officer_client, act):
    case = to_decide("identity", "contact")
    given = filled(case, "grant", "refuse") | {"text": REASON, "ground": "GH.third_party"}
    SubjectRequest.objects.filter(pk=case.pk).update(state="planning")
    shown = text(officer_client.post(page(case, act), given))
    assert ("There is nothing to decide in this case now." in shown, REASON in shown) == (True, True)
    case.refresh_from_db()
    assert case.state == "planning"
