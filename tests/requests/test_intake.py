from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_subject
from requests import services
from requests.errors import RequestInvalid
from requests.models import SubjectRequest
from retention.models import Hold
from tests.requests.conftest import AMA, letter_kinds, letter_of, submit, token_in
from tests.secrecy import check_readable_nowhere

RECEIVED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_a_submitted_request_waits_for_its_confirmation_with_the_clock_running(alpha):
    case = submit(received_at=RECEIVED)
    assert (case.state, case.identity_level) == ("unconfirmed", "none")
    assert (case.received_on, case.due_on) == (date(2026, 11, 2), date(2026, 11, 23))  # Act 843: 21 days
    assert [clock["citation"] for clock in case.deadlines] == ["Act 843 ss. 33, 44"]
    assert case.deadlines[0]["sentences"][-1] == "The last day to answer is Monday 23 November 2026."
    assert letter_kinds(case) == ["confirm"]


def test_nothing_that_was_typed_next_to_an_unconfirmed_address_is_mailed_to_it(alpha):
    letter = letter_of(submit(name="Buy at evil.example", details="and here"), "confirm")
    written = letter.heading + letter.body
    assert "Buy at evil.example" not in written
    assert "and here" not in written
    acknowledged = letter_of(services.confirm_request(token=token_in(letter)), "acknowledged")
    assert acknowledged.body.startswith("Dear Buy at evil.example,")  # whoever typed it reads their own words


def test_the_confirmation_link_opens_the_case_and_locks_the_data(alpha):
    case = submit()
    opened = services.confirm_request(token=token_in(letter_of(case, "confirm")))
    assert (opened.pk, opened.state, opened.identity_level) == (case.pk, "received", "mail_link")
    held = Hold.objects.get(case_id=case.pk)
    assert (held.kind, held.subject_id, held.released_at) == ("open_request", case.subject_id, None)
    assert letter_kinds(case) == ["confirm", "acknowledged"]
    identifier = find_subject(kind="email", value=AMA).identifiers.get(kind=IdentifierKind.EMAIL)
    assert identifier.verified_at is not None


def test_a_second_click_shows_the_same_case_and_changes_nothing(alpha):
    case = submit()
    token = token_in(letter_of(case, "confirm"))
    first, second = services.confirm_request(token=token), services.confirm_request(token=token)
    assert (first.pk, second.pk) == (case.pk, case.pk)
    assert letter_kinds(case) == ["confirm", "acknowledged"]
    assert LedgerEntry.objects.filter(action="subject_request.received").count() == 1


def test_a_link_for_another_purpose_an_unknown_and_an_expired_one_confirm_nothing(alpha):
    case = submit()
    token = token_in(letter_of(case, "confirm"))
    case.subject.links.update(expires_at=timezone.now())
    assert services.confirm_request(token=token) is None
    assert services.confirm_request(token="x" * 43) is None
    case.refresh_from_db()
    assert case.state == "unconfirmed"
    other = submit(email="kofi@example.com")
    services.confirm_request(token=token_in(letter_of(other, "confirm")))
    assert services.confirm_request(token=token_in(letter_of(other, "acknowledged"))) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "consent_withdrawal"),
        ("name", "  "),
        ("name", "x" * 151),
        ("email", "no address"),
        ("details", "x" * 10_001),
        ("details", "a\0b"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field_and_leaves_nothing(alpha, field, value):
    with pytest.raises(RequestInvalid) as caught:
        submit(**{field: value})
    assert caught.value.field == field
    assert (SubjectRequest.objects.count(), Letter.objects.count()) == (0, 0)
    submit(**{field: {"kind": "access", "name": "x" * 150, "email": AMA, "details": "x" * 10_000}[field]})


def test_two_requests_of_one_person_have_one_subject_and_two_references(alpha):
    first, second = submit(), submit(kind="access", email="AMA.Mensah@example.com ")
    assert first.subject_id == second.subject_id
    assert first.reference != second.reference


def test_the_ledger_the_job_slots_and_all_tables_hold_no_readable_personal_data(alpha):
    case = submit()
    services.confirm_request(token=token_in(letter_of(case, "confirm")))
    case.refresh_from_db()
    assert (case.name, case.details) == ("Ama Mensah", "Everything, please.")
    check_readable_nowhere(AMA, "Ama Mensah", "Mensah", "Everything, please.")
    assert str(case.pk) in LedgerEntry.objects.values_list("object_id", flat=True)
