"""Acts on many cases at once: each says before it does anything which of the chosen cases qualify."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from requests.admin.bulk import BULK_ACTS
from requests.admin.bulk.exporting import csv_of
from requests.admin.presenting import with_row_data
from requests.enums import RequestState as S
from requests.models import Representation, SubjectRequest
from tests.officer.making import make_case, make_letter

QUEUE = "/officer/requests/subjectrequest/?show=all"


def send(client, act: str, cases, *, go: bool = False, **given):
    chosen = {"action": act, "_selected_action": [str(case.pk) for case in cases]} | given
    return client.post(QUEUE, chosen | ({"go": "1"} if go else {}), follow=True)


def text(response) -> str:
    return response.content.decode()


def told(case: SubjectRequest) -> SubjectRequest:
    make_letter(case)
    return case


def test_nothing_that_decides_a_case_is_done_to_many_at_once(officer_client):
    assert [act.code for act in BULK_ACTS] == [
        "assign_selected", "remind_selected", "acknowledge_selected", "join_selected", "export_selected",
    ]  # fmt: skip
    case = make_case()
    choices = officer_client.get(QUEUE).context["action_form"].fields["action"].choices
    assert sorted(code for code, _title in choices if code) == sorted(act.code for act in BULK_ACTS)
    for invented in ("grant", "erase", "approve_erasure", "delete_selected"):
        send(officer_client, invented, [case], go=True)
    case.refresh_from_db()
    assert case.state == S.RECEIVED


def test_each_role_is_offered_what_it_may_do(officer_client, handler, auditor, sign_in):
    def offered(client) -> list[str]:
        form = client.get(QUEUE).context["action_form"]
        return sorted(code for code, _title in form.fields["action"].choices if code) if form else []

    make_case()
    assert offered(officer_client) == sorted(act.code for act in BULK_ACTS)
    assert offered(sign_in(handler)) == ["acknowledge_selected", "join_selected"]
    assert offered(sign_in(auditor)) == []


def test_reminding_tells_before_who_is_left_out_and_reminds_once_a_day(officer_client, handler):
    mine = [make_case(email=f"{number}@example.com", assignee=handler) for number in range(2)]
    nobodys, closed = make_case(email="n@example.com"), make_case(email="c@example.com", state=S.REFUSED)
    chosen = [*mine, nobodys, closed]
    asked = text(send(officer_client, "remind_selected", chosen))
    for words in ("only 2 of 4 qualify", "1: Nobody has it.", "1: It is closed.", nobodys.reference):
        assert words in asked
    assert Letter.objects.filter(kind="case_reminder").count() == 0
    assert "Reminded: 2 of 4 cases." in text(send(officer_client, "remind_selected", chosen, go=True))
    letters = Letter.objects.filter(kind="case_reminder")
    assert [letter.address for letter in letters] == [handler.email] * 2
    assert {case.reference for case in mine} == {letter.heading.split()[-1] for letter in letters}
    again = text(send(officer_client, "remind_selected", mine, go=True))
    assert "2: Whoever has it was reminded within the last day." in again
    assert letters.count() == 2


def test_acknowledging_writes_to_those_who_were_not_told(officer_client):
    fresh, known = make_case(email="a@example.com"), told(make_case(email="b@example.com"))
    unconfirmed = make_case(email="c@example.com", state=S.UNCONFIRMED)
    chosen = [fresh, known, unconfirmed]
    asked = text(send(officer_client, "acknowledge_selected", chosen))
    for words in ("only 1 of 3 qualify", "1: The person was told already.", "has not confirmed it yet"):
        assert words in asked
    assert "Acknowledged: 1 of 3 cases." in text(send(officer_client, "acknowledge_selected", chosen, go=True))
    letters = Letter.objects.filter(kind="case_acknowledged")
    assert sorted(letters.values_list("case_id", flat=True)) == sorted([fresh.pk, known.pk])
    assert "it qualifies" not in text(send(officer_client, "acknowledge_selected", [fresh]))


def test_acknowledging_names_who_cannot_be_written_to_yet_and_writes_by_post_where_there_is_no_address(officer_client):
    represented, phoned = make_case(email="a@example.com"), make_case(email="b@example.com", channel="phone")
    Representation.objects.create(case=represented, name="Kofi", email="kofi@example.com", authority="lawyer")
    phoned.subject.identifiers.all().delete()
    chosen = [represented, phoned]
    asked = text(send(officer_client, "acknowledge_selected", chosen))
    for words in ("only 1 of 2 qualify", "1: Somebody asks for the person, and nobody has seen yet by what right."):
        assert words in asked
    assert "Acknowledged: 1 of 2 cases." in text(send(officer_client, "acknowledge_selected", chosen, go=True))
    letter = Letter.objects.get(kind="case_acknowledged")
    assert (letter.case_id, letter.state) == (phoned.pk, "by_post")
    assert "1: The person was told already." in text(send(officer_client, "acknowledge_selected", [phoned]))


def test_joining_takes_only_what_the_same_person_asked_for_later(officer_client):
    first = make_case(email="ama@example.com")
    twice = make_case(email="ama@example.com")
    kofis, access = make_case(email="kofi@example.com"), make_case(email="ama@example.com", kind="access")
    chosen = [twice, kofis, access, first]
    asked = text(send(officer_client, "join_selected", chosen))
    for words in ("only 1 of 4 qualify", "3: There is no earlier open case of the same person"):
        assert words in asked
    wrong = text(send(officer_client, "join_selected", chosen, go=True, into="PR-0000-0001"))
    assert "Check the reference" in wrong
    done = text(send(officer_client, "join_selected", chosen, go=True, into=first.reference.lower()))
    for words in (
        "Joined: 1 of 4 cases.", "1: These are of two people", "1: They ask for different things",
        "1: A case cannot be joined to itself.",
    ):  # fmt: skip
        assert words in done
    states = {case: S(SubjectRequest.objects.get(pk=case.pk).state) for case in chosen}
    assert states == {twice: S.JOINED, kofis: S.RECEIVED, access: S.RECEIVED, first: S.RECEIVED}
    assert first.reference in Letter.objects.get(kind="case_joined", case_id=twice.pk).body


def test_how_many_could_be_joined_takes_as_many_queries_for_six_cases_as_for_two(officer_client):
    def queries(cases) -> int:
        with CaptureQueriesContext(connection) as sent:
            assert "none of" in text(send(officer_client, "join_selected", cases))
        return len(sent)

    cases = [make_case(email=f"{number}@example.com") for number in range(6)]
    queries(cases[:2])
    assert queries(cases) == queries(cases[:2])


def test_an_earlier_case_is_not_joined_to_a_later_one(officer_client):
    first, twice = make_case(), make_case()
    refused = text(send(officer_client, "join_selected", [first], go=True, into=twice.reference))
    assert "came first, so its date binds" in refused
    first.refresh_from_db()
    assert first.state == S.RECEIVED


def test_the_export_has_what_the_list_shows_and_the_ledger_knows_it(officer_client, officer):
    cases = [make_case(email="ama.mensah@example.com", assignee=officer), make_case(email="kofi@example.com")]
    asked = text(send(officer_client, "export_selected", cases))
    assert "all 2 qualify" in asked
    assert not LedgerEntry.objects.filter(action="subject_request.exported").exists()
    response = send(officer_client, "export_selected", cases, go=True)
    assert response["Content-Type"].startswith("text/csv")
    body = response.content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(body)))
    assert sorted(line["reference"] for line in lines) == sorted(case.reference for case in cases)
    assert {line["person"] for line in lines} == {"a•••••@example.com", "k•••••@example.com"}
    for secret in ("ama.mensah", "Ama Mensah", "Please delete everything", officer.full_name):
        assert secret not in body
    exported = LedgerEntry.objects.filter(action="subject_request.exported")
    assert sorted(exported.values_list("object_id", flat=True)) == sorted(str(case.pk) for case in cases)


def test_a_cell_of_the_export_is_no_formula(alpha):
    case = make_case()
    SubjectRequest.objects.update(reference="=1+1")
    assert csv_of(list(with_row_data(SubjectRequest.objects.filter(pk=case.pk)))).splitlines()[1].startswith("'=1+1,")


def test_who_may_not_export_gets_no_file(auditor, handler, sign_in):
    case = make_case()
    for other in (auditor, handler):
        response = send(sign_in(other), "export_selected", [case], go=True)
        assert not response["Content-Type"].startswith("text/csv")
    assert not LedgerEntry.objects.filter(action="subject_request.exported").exists()


def test_more_than_five_hundred_are_refused_with_the_number(officer_client, monkeypatch):
    monkeypatch.setattr("requests.admin.bulk.pages.MOST", 2)
    cases = [make_case(email=f"{number}@example.com") for number in range(3)]
    assert "Choose 2 cases at most." in text(send(officer_client, "export_selected", cases))
    assert "all 2 qualify" in text(send(officer_client, "export_selected", cases[:2]))


@pytest.mark.parametrize("act", [act.code for act in BULK_ACTS])
def test_the_page_that_asks_needs_as_many_queries_for_many_as_for_one(officer_client, handler: Officer, act):
    def queries(cases) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert send(officer_client, act, cases).status_code == 200
        return len(captured)

    cases = [make_case(email=f"{number}@example.com", assignee=handler) for number in range(8)]
    queries(cases)
    assert queries(cases[:1]) == queries(cases)
