from datetime import date, timedelta

import pytest
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import WrongState as LetterWrongState
from privacy.letters.models import Letter, LetterState
from privacy.letters.services import note_posted
from privacy.officers.models import Role
from privacy.register.selectors import local_date
from requests.clocks import clocks_at_receipt
from requests.enums import BY_STAFF, IdentityLevel, RequestKind, RequestState
from requests.errors import NotAllowed, RequestInvalid
from requests.models import SubjectRequest
from requests.services import confirm_identity, enter_case
from requests.services.staff_intake import Entry
from tests.requests.conftest import AMA, letter_kinds, letter_of
from tests.secrecy import check_readable_nowhere


def today():
    return local_date(timezone.now())


def entry(**changed) -> Entry:
    stated = {
        "kind": "access", "channel": "letter", "identifier_kind": "email", "identifier": AMA, "received_on": today(),
        "name": "Ama Mensah", "details": "A copy, please.",
    }  # fmt: skip
    return Entry(**stated | changed)


@pytest.mark.parametrize("channel", sorted(BY_STAFF))
def test_what_came_outside_the_portal_is_a_case_whose_maker_is_still_to_be_confirmed(alpha, officer, channel):
    case = enter_case(entry=entry(channel=channel), officer=officer)
    assert (case.state, case.identity_level) == (RequestState.RECEIVED, IdentityLevel.NONE)
    assert (case.channel, case.entered_by, case.received_reason) == (channel, officer, None)
    assert letter_kinds(case) == ["acknowledged"]
    assert letter_of(case, "acknowledged").state == LetterState.QUEUED
    assert case.subject.holds.filter(released_at__isnull=True).count() == 1
    confirm_identity(case=case, officer=officer)
    case.refresh_from_db()
    assert (case.state, case.identity_level) == (RequestState.PLANNING, IdentityLevel.OFFICER)


def test_clocks_run_from_the_day_it_came_and_why_it_is_late_is_kept_encrypted(alpha, officer):
    day = today() - timedelta(days=6)
    case = enter_case(entry=entry(received_on=day, received_reason="It lay in the branch office."), officer=officer)
    assert (case.received_on, local_date(case.received_at)) == (day, day)
    assert case.due_on == clocks_at_receipt(kind="access", received_on=day).due_on
    written = LedgerEntry.objects.get(action="subject_request.dated_back", object_id=str(case.pk))
    assert written.data == {"received": str(day), "entered": str(today())}
    assert SubjectRequest.objects.get().received_reason == "It lay in the branch office."
    check_readable_nowhere("It lay in the branch office.", "Ama Mensah", "A copy, please.")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"received_on": timezone.now().date() + timedelta(days=2)}, "received_on"),
        ({"received_on": timezone.now().date() - timedelta(days=2)}, "received_reason"),
        ({"received_on": date(1, 1, 1), "received_reason": "It lay there."}, "received_on"),
        ({"channel": "portal"}, "channel"),
        ({"kind": "wish"}, "kind"),
        ({"identifier": "nobody"}, "email"),
        ({"representative": {"name": "", "authority": "lawyer"}}, "representative_name"),
    ],
)
def test_what_cannot_be_entered_is_said(alpha, officer, changed, field):
    with pytest.raises(RequestInvalid) as refused:
        enter_case(entry=entry(**changed), officer=officer)
    assert (refused.value.field, SubjectRequest.objects.count()) == (field, 0)


def test_only_who_handles_all_cases_enters_one(alpha, make_officer):
    for role in (Role.CASE_HANDLER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            enter_case(entry=entry(), officer=make_officer(role))


@pytest.mark.parametrize("kind", RequestKind.values)
def test_every_kind_can_be_entered(alpha, officer, kind):
    assert enter_case(entry=entry(kind=kind), officer=officer).kind == kind


def test_without_an_e_mail_address_the_letter_waits_to_be_posted(alpha, officer):
    case = enter_case(entry=entry(identifier_kind="phone", identifier="+233560320128"), officer=officer)
    letter = Letter.objects.get(case_id=case.pk)
    assert (letter.kind, letter.state, letter.address) == ("case_acknowledged", LetterState.BY_POST, "")
    assert "[[link]]" not in letter.body
    assert "This letter came by post and has no link." in letter.body
    assert bytes(letter.pdf[:5]) == b"%PDF-"
    note_posted(letter=letter, officer=officer)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at is not None) == (LetterState.SENT, True)
    with pytest.raises(LetterWrongState):
        note_posted(letter=letter, officer=officer)


def test_somebody_who_asks_for_another_by_letter_is_asked_for_authority(alpha, officer):
    who = {"name": "Efua Mensah", "email": "", "authority": "guardian"}
    case = enter_case(entry=entry(kind="erasure", is_minor=True, representative=who), officer=officer)
    letter = Letter.objects.get(case_id=case.pk)
    assert (letter.kind, letter.state) == ("case_authority_needed", LetterState.BY_POST)
    assert (case.target_on, case.is_minor) == (today(), True)
