"""What a person did not ask for is left out of their copy: without a ground, and without making it a refusal."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Field, Origin
from privacy.letters.kinds import kind_title
from privacy.register.selectors import local_date
from requests import services
from requests.deciding.found import found_lines
from requests.deciding.preview import preview_decision
from requests.deciding.telling import told
from requests.errors import DecisionInvalid
from requests.models import SubjectRequest
from tests.requests.conftest import letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.deciding import SECRET, said, to_decide, under
from tests.requests.test_access_package import downloaded
from tests.requests.test_partial_packages import columns_in

HEADING = "What you did not ask for"
ASK_AGAIN = "You can ask us for it at any time."


def only(officer, case: SubjectRequest, *asked_for: str, refused: str = "") -> SubjectRequest:
    """Decide that the person asked for these categories only."""
    wanted = dict.fromkeys(asked_for, "grant") | ({refused: "refuse"} if refused else {})
    lines = [said(line, wanted.get(line.category, "unasked")) for line in found_lines(case)]
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_in_no_file_and_both_letter_and_file_say_that_it_can_be_asked_for(offixpro, officer, language):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    SubjectRequest.objects.filter(pk=case.pk).update(language=language)
    case.refresh_from_db()
    case = only(officer, case, "identity", "contact")
    assert (case.state, case.outcome, letter_kinds(case)[-1]) == ("completed", "granted", "package_ready")
    with downloaded(case) as archive:
        page, columns = archive.read("index.html").decode(), columns_in(archive)
    technical = {
        (table.label, column)
        for line in found_lines(case) if line.category == "technical"
        for table in line.tables
        for column, _label in table.columns
    }  # fmt: skip
    assert (bool(technical), bool(columns), technical & columns) == (True, True, set())
    letter = letter_of(case, "package_ready").body
    if language == "en":
        assert (HEADING in letter, "- Usage and technical (" in letter, "- Contact details" in letter) == (
            True, True, False,
        )  # fmt: skip
        assert (ASK_AGAIN in letter, ASK_AGAIN in page, "Usage and technical (" in page) == (True, True, True)
    else:
        assert "Ce que vous n’avez pas demandé" in letter
        assert "Vous pouvez nous les demander à tout moment." in letter


def test_where_something_else_is_refused_one_letter_tells_both_apart(offixpro, officer):
    case = only(officer, planned_case(officer, kind="access", email=AMA_MENSAH.email), "identity", refused="technical")
    assert (case.outcome, letter_kinds(case)[-1]) == ("partial", "partly_granted")
    letter = letter_of(case, "partly_granted").body
    refused, not_asked = letter[: letter.index(HEADING)], letter[letter.index(HEADING) :]
    assert ("Usage and technical" in refused, "Contact details" in refused) == (True, False)
    assert ("Usage and technical" in not_asked, "Contact details" in not_asked) == (False, True)


def test_who_is_refused_all_that_they_asked_for_is_refused(officer):
    case = only(officer, to_decide("identity", "contact"), refused="contact")
    assert (case.state, case.outcome, letter_kinds(case)[-1]) == ("refused", "refused", "refused")


def test_data_to_take_elsewhere_is_narrowed_as_well_and_everything_granted_says_nothing_of_it(offixpro, officer):
    case = only(officer, planned_case(officer, kind="portability", email=AMA_MENSAH.email), "identity")
    assert (case.outcome, HEADING in letter_of(case, "portability_ready").body) == ("granted", True)
    whole = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=whole, officer=officer, plan_hash=whole.plan_hash)
    run_jobs("requests.build_package")
    assert HEADING not in letter_of(whole, "package_ready").body


def test_the_letter_is_previewed_as_it_will_be(officer):
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    shown = preview_decision(
        case, [said(identity, "grant"), said(contact, "unasked")], officer=officer, now=timezone.now()
    )
    assert shown is not None
    assert (HEADING in shown.text, "- Contact details" in shown.text) == (True, True)


@pytest.mark.parametrize(
    ("kind", "verdicts", "ground", "message"),
    [
        ("access", ("unasked", "unasked"), "", "Something was asked for."),
        ("access", ("grant", "unasked"), "GH.third_party", "needs no ground"),
        ("erasure", ("grant", "unasked"), "", "Only of a copy"),
    ],
)
def test_what_cannot_be_left_out_like_this_is_said_and_nothing_is_decided(officer, kind, verdicts, ground, message):
    case = to_decide("identity", "contact", kind=kind)
    lines = [said(line, each) for line, each in zip(found_lines(case), verdicts, strict=True)]
    lines[1] = replace(lines[1], ground=ground)
    with pytest.raises(DecisionInvalid, match=message):
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    case.refresh_from_db()
    assert (case.state, case.decisions.count()) == ("deciding", 0)


def test_beside_a_secret_refusal_it_changes_nothing_of_what_is_told(officer):
    under("CA-FED")
    case = to_decide("identity", "contact", "financial")
    identity, contact, financial = found_lines(case)
    since = local_date(timezone.now()) - timedelta(days=40)
    lines = [said(identity, "grant"), said(contact, "refuse", ground=SECRET, waited_from=since)]
    lines.append(said(financial, "unasked"))
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    case.refresh_from_db()
    words = told(case.decisions.all(), language="en")
    assert (case.outcome, words.unasked, words.left_out) == ("granted", ("Financial (Table 0)",), ())


@pytest.mark.parametrize("asked_for", [("contact",), ()])
def test_the_preview_of_data_to_take_elsewhere_is_of_its_own_letter_and_counts_what_goes_along(
    offixpro, officer, asked_for
):
    case = planned_case(officer, kind="portability", email=AMA_MENSAH.email)
    found = found_lines(case)
    wanted = asked_for or {line.category for line in found}
    ours = {table.dataset_key for line in found if line.category != "contact" for table in line.tables}
    ours -= {table.dataset_key for line in found if line.category == "contact" for table in line.tables}
    Field.objects.filter(dataset__table_name=ours.pop().rpartition(".")[2]).update(origin=Origin.DERIVED)
    lines = [said(line, "grant" if line.category in wanted else "unasked") for line in found]
    shown = preview_decision(SubjectRequest.objects.get(pk=case.pk), lines, officer=officer, now=timezone.now())
    decided = only(officer, case, *wanted)
    sent = letter_of(decided, "portability_ready")
    assert shown is not None
    assert (shown.title, shown.heading) == (kind_title("case_portability_ready"), sent.heading)
    counted = re.compile(r"\b\d+ records?\b")
    assert counted.findall(shown.text) == counted.findall(sent.body) == [f"{decided.package.rows} records"]
    assert 0 < decided.package.rows < sum(line["rows"] for line in decided.plan["summary"])


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The file has {rows} records about you."), ("fr", "Le fichier contient {rows} enregistrements")],
)
@pytest.mark.parametrize("asked_for", [("contact",), ()])
def test_the_preview_counts_what_the_letter_will_count(offixpro, officer, language, words, asked_for):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    SubjectRequest.objects.filter(pk=case.pk).update(language=language)
    case.refresh_from_db()
    found = found_lines(case)
    wanted = asked_for or {line.category for line in found}
    lines = [said(line, "grant" if line.category in wanted else "unasked") for line in found]
    shown = preview_decision(SubjectRequest.objects.get(pk=case.pk), lines, officer=officer, now=timezone.now())
    decided = only(officer, case, *wanted)
    assert shown is not None
    counted = words.format(rows=decided.package.rows)
    assert (counted in letter_of(decided, "package_ready").body, counted in shown.text) == (True, True)
    found_in_all = sum(line["rows"] for line in decided.plan["summary"])
    assert (decided.package.rows < found_in_all) == bool(asked_for)
