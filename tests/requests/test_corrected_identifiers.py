"""A corrected e-mail address is what the person is known by from then on; it proves nothing until a link is used."""

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.subject_plan import identifiers_of
from privacy.ledger.models import LedgerEntry
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Identifier
from privacy.subjects.services import find_or_add_subject, find_subject, identifier_of, mark_verified
from requests import services
from requests.models import SubjectRequest
from tests.requests import shops
from tests.requests.conftest import letter_of, submit, token_in
from tests.requests.test_rectification import carried_out, correct, decide, opened, small

__all__ = ["small"]

OLD, NEW = AMA_MENSAH.email, "ama.owusu@example.com"
CHANGE = {"what": "E-mail address", "old": OLD, "new": NEW, "evidence": "Call"}


def corrected(officer, **changes: str) -> SubjectRequest:
    wanted = CHANGE | changes
    case = opened(officer, wanted)
    decide(case, officer, correct(case, 0, "email", wanted))
    assert identifier_of(case.subject, IdentifierKind.EMAIL) == OLD
    case = carried_out(case)
    assert case.state == "completed"
    return case


def known_by(case: SubjectRequest) -> dict[str, tuple[bool, bool]]:
    """By address: whether control was shown, and whether it is a former one."""
    found = Identifier.objects.filter(subject=case.subject, kind=IdentifierKind.EMAIL)
    return {each.value: (each.verified_at is not None, each.former_since is not None) for each in found}


def test_the_new_address_is_theirs_unproven_and_the_old_one_a_former_one(small, officer):
    case = corrected(officer)
    assert small.rows_of(shops.AMA)["customer"][0][1] == NEW
    assert known_by(case) == {OLD: (True, True), NEW: (False, False)}
    assert find_subject(kind="email", value=NEW) == find_subject(kind="email", value=OLD) == case.subject
    assert {each.value for each in identifiers_of(case.subject)} == {OLD, NEW}
    entry = LedgerEntry.objects.get(action="subject_request.identifier_replaced")
    assert (entry.object_id, entry.data) == (str(case.pk), {"kind": "email"})


def test_the_letter_about_it_goes_to_the_old_address_and_all_that_follow_to_the_new_one(small, officer):
    case = corrected(officer)
    assert letter_of(case, "corrected").address == OLD
    later = submit(kind="access", email=NEW)
    letter = letter_of(later, "confirm")
    assert (later.subject, letter.address) == (case.subject, NEW)
    services.confirm_request(token=token_in(letter))
    assert known_by(case) == {OLD: (True, True), NEW: (True, False)}


def test_who_asks_under_the_former_address_is_answered_at_the_new_one(small, officer):
    corrected(officer)
    assert letter_of(submit(kind="access", email=OLD), "confirm").address == NEW


def test_a_link_never_proves_control_over_a_former_address(small, officer):
    case = corrected(officer)
    case.subject.identifiers.filter(kind="email").update(verified_at=None)
    mark_verified(subject=case.subject, kind=IdentifierKind.EMAIL)
    assert known_by(case) == {OLD: (False, True), NEW: (True, False)}


def test_an_address_of_somebody_else_stays_theirs_and_the_ledger_says_so(small, officer):
    kofi = find_or_add_subject(kind="email", value=NEW)
    case = corrected(officer)
    assert find_subject(kind="email", value=NEW) == kofi
    assert known_by(case) == {OLD: (True, False)}
    assert LedgerEntry.objects.filter(action="subject_request.identifier_somebody_elses").count() == 1
    assert not LedgerEntry.objects.filter(action="subject_request.identifier_replaced").exists()


def test_what_is_corrected_back_is_in_use_again(small, officer):
    case = corrected(officer)
    back = opened(officer, CHANGE | {"old": NEW, "new": OLD})
    decide(back, officer, correct(back, 0, "email", CHANGE | {"old": NEW, "new": OLD}))
    carried_out(back)
    assert known_by(case)[OLD] == (True, False)
    assert known_by(case)[NEW][1] is True


def test_another_column_makes_no_identifier(small, officer):
    name = {"what": "Name", "old": AMA_MENSAH.full_name, "new": KOFI_BOATENG.email, "evidence": ""}
    case = opened(officer, name)
    decide(case, officer, correct(case, 0, "full_name", name))
    assert carried_out(case).state == "completed"
    assert known_by(case) == {OLD: (True, False)}
