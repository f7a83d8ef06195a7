"""Sending again what could not be sent: by one door, once, to an address that may have it."""

import pytest
from django.core import mail
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import AddressInvalid, AddressNotTheirs, LetterError, LinkGone, NotAllowed, WrongState
from privacy.letters.models import Failure, Letter, LetterState
from privacy.letters.services import send_again
from privacy.officers.models import Officer, Role
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import organisation_context
from requests.letters import write_case_letter
from tests.privacy.jobs.test_owning import in_threads
from tests.requests.conftest import AMA, letter_of, submit
from tests.secrecy import check_readable_nowhere

NEW = "ama.m@example.com"


def failed(letter: Letter) -> Letter:
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED, failure=Failure.ADDRESS_REFUSED, attempts=12)
    letter.refresh_from_db()
    return letter


def deliver_all() -> None:
    for number in Job.objects.filter(kind="letters.send", state="pending").values_list("id", flat=True):
        Job.objects.filter(pk=number).update(due_at=timezone.now())
        run_job(job_id=number)


@pytest.fixture
def plain(case, settings) -> Letter:
    """A letter without a link that the mail server refused."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    letter = failed(write_case_letter(kind="withdrawn", case=case, actor=SYSTEM))
    Job.objects.filter(kind="letters.send").update(state="done")
    mail.outbox = []
    return letter


@pytest.fixture
def linked(case) -> Letter:
    return failed(letter_of(case, "acknowledged"))


def test_a_letter_goes_again_word_for_word_to_the_corrected_address(plain, officer):
    body, digest = plain.body, plain.pdf_sha256
    again = send_again(letter=plain, officer=officer, address=f" {NEW.upper()} ")
    assert (again.state, again.failure, again.attempts, again.address) == ("queued", "", 0, NEW)
    deliver_all()
    (sent,) = mail.outbox
    again.refresh_from_db()
    assert (sent.to, sent.body, again.body, again.pdf_sha256, again.state) == ([NEW], body, body, digest, "sent")
    data = LedgerEntry.objects.get(action="letter.queued_again").data
    assert data == {"address_corrected": True, "failure": "address_refused"}
    check_readable_nowhere(NEW)


def test_it_can_fail_and_go_again_more_than_once(plain, officer):
    for _time in range(2):
        send_again(letter=failed(plain), officer=officer)
    deliver_all()
    assert len(mail.outbox) == 1
    assert Job.objects.filter(kind="letters.send", slot__startswith=f"{plain.pk}").count() == 3


@pytest.mark.parametrize("state", [LetterState.QUEUED, LetterState.SENT])
def test_what_was_sent_or_is_on_its_way_does_not_go_again(plain, officer, state):
    Letter.objects.filter(pk=plain.pk).update(state=state, failure="")
    with pytest.raises(WrongState):
        send_again(letter=plain, officer=officer)
    assert not LedgerEntry.objects.filter(action="letter.queued_again").exists()


def test_a_letter_with_a_link_goes_only_to_an_address_on_file_for_the_person(linked, officer):
    with pytest.raises(AddressNotTheirs):
        send_again(letter=linked, officer=officer, address="officer.at.home@example.com")
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    with pytest.raises(AddressNotTheirs):
        send_again(letter=linked, officer=officer, address="kofi@example.com")
    other.identifiers.update(subject=Subject.objects.get(pk=linked.subject_id))
    before = linked.secret
    again = send_again(letter=linked, officer=officer, address="Kofi@example.com")
    assert (again.address, again.state) == ("kofi@example.com", "queued")
    assert again.secret not in (None, before)


def test_a_letter_with_a_link_goes_again_to_its_own_address_with_a_fresh_one(linked, officer):
    before = linked.secret
    again = send_again(letter=linked, officer=officer)
    assert (again.address, again.secret in (None, before)) == (AMA, False)


def test_a_letter_whose_link_is_gone_is_not_sent_without_it(linked, officer):
    Letter.objects.filter(pk=linked.pk).update(secret=None, link_purpose="")
    with pytest.raises(LinkGone):
        send_again(letter=linked, officer=officer)


def test_an_address_that_is_none_is_refused(plain, officer):
    with pytest.raises(AddressInvalid):
        send_again(letter=plain, officer=officer, address="ama at example")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASE_HANDLER])
def test_who_does_not_handle_the_case_sends_nothing_again(plain, make_officer, role):
    with pytest.raises(NotAllowed):
        send_again(letter=plain, officer=make_officer(role))
    plain.refresh_from_db()
    assert plain.state == LetterState.FAILED


def test_two_officers_who_press_at_once_queue_it_once(committed):
    letter = failed(letter_of(submit(), "confirm"))
    pressing = Officer.objects.get()

    def press() -> str:
        with organisation_context(committed):
            try:
                send_again(letter=letter, officer=pressing)
            except LetterError as error:
                return type(error).__name__
            return "done"

    assert sorted(in_threads(3, press)) == ["WrongState", "WrongState", "done"]
    assert Job.objects.filter(kind="letters.send", slot__startswith=str(letter.pk)).count() == 2
