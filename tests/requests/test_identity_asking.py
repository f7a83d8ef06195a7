from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.law.enums import Cause, Condition
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests import services
from requests.case_files.selectors import open_asks
from requests.enums import IdentityLevel, RequestState
from requests.errors import NotAllowed, QuestionRefused, WrongState
from requests.models import CaseFile, CaseFileRole, SubjectRequest
from requests.services import identity_asking
from requests.services.asking_back import end_wait, take_reply
from requests.services.identity import higher
from requests.services.moves import locked
from tests.requests.case_files.conftest import added
from tests.requests.conftest import confirmed, in_state, letter_kinds, letter_of, run_jobs

WAYS = ["The number of one of your invoices", "A call from the number we know"]
JOB = "requests.lapse_identity"


def today():
    return local_date(timezone.now())


def again(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def asked(officer, **more) -> SubjectRequest:
    case = confirmed(**{"kind": "access"} | more)
    return services.ask_identity(case=case, officer=officer, ways=WAYS)


def over(case) -> None:
    """The last day to show who they are was yesterday, wherever that day is kept."""
    yesterday = today() - timedelta(days=1)
    SubjectRequest.objects.filter(pk=case.pk).update(identity_until=yesterday)
    Job.objects.filter(kind=JOB, slot__startswith=str(case.pk)).update(slot=f"{case.pk}/{yesterday}")


def test_the_person_is_asked_with_a_last_day_and_the_case_waits(alpha, officer):
    case = asked(officer)
    assert (case.identity_until, case.waiting_for) == (today() + timedelta(days=30), "identity")
    body = letter_of(case, "identity_needed").body
    assert [way in body for way in WAYS] == [True, True]
    assert Job.objects.get(kind=JOB).slot == f"{case.pk}/{case.identity_until}"
    with pytest.raises(QuestionRefused, match="asked already"):
        services.ask_identity(case=case, officer=officer, ways=WAYS)


def test_the_organisation_says_how_many_days_and_california_no_fewer_than_its_law(alpha, officer):
    OrganisationProfile.objects.update(identity_days=10)
    assert asked(officer).identity_until == today() + timedelta(days=10)
    OrganisationProfile.objects.update(laws=["US-CA"])
    assert asked(officer, email="b@example.com").identity_until == today() + timedelta(days=45)


def test_whether_the_clock_stands_is_the_laws_to_say(alpha, officer):
    OrganisationProfile.objects.update(laws=["EU"], promise_days=None)
    case = confirmed(kind="access")
    services.ask_identity(
        case=case, officer=officer, ways=WAYS,
        confirmed=[Condition.ASKED_WITHOUT_DELAY, Condition.REASONABLE_DOUBT],
    )  # fmt: skip
    event = case.clock_events.get()
    assert (event.cause, event.confirmed) == ("identity", ["asked_without_delay", "reasonable_doubt"])


@pytest.mark.parametrize("ways", [[], ["  "], ["x" * 301], ["x"] * 7])
def test_a_question_without_a_way_to_answer_is_refused(alpha, officer, ways):
    case = confirmed(kind="access")
    with pytest.raises(QuestionRefused):
        services.ask_identity(case=case, officer=officer, ways=ways)
    assert again(case).waiting_for == ""


def test_a_document_that_was_seen_settles_it(alpha, officer):
    case = asked(officer)
    passport, evidence = (
        added(case, officer, role=role) for role in (CaseFileRole.IDENTITY_DOCUMENT, CaseFileRole.EVIDENCE)
    )
    services.document_seen(case=case, officer=officer)
    case = again(case)
    assert [CaseFile.objects.get(pk=file.pk).deletion_asked_at is not None for file in (passport, evidence)] == [
        True, False,
    ]  # fmt: skip
    assert (case.state, case.identity_level) == (RequestState.PLANNING, IdentityLevel.DOCUMENT)
    assert (case.waiting_for, case.identity_until) == ("", None)
    with pytest.raises(WrongState):
        services.document_seen(case=case, officer=officer)


def test_only_who_may_handle_the_case_settles_it(alpha, make_officer):
    case, stranger = confirmed(kind="access"), make_officer("case_handler")
    for act in (
        lambda: services.document_seen(case=case, officer=stranger),
        lambda: services.ask_identity(case=case, officer=stranger, ways=WAYS),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_level_that_was_reached_never_falls():
    levels = list(IdentityLevel)
    for before in levels:
        for reached in levels:
            assert higher(before, reached) == max(before, reached, key=levels.index)


def test_nobody_showed_it_in_time_so_a_letter_goes_out_and_the_case_is_closed(alpha, officer):
    case = asked(officer)
    over(case)
    assert run_jobs(JOB) == 1
    case = again(case)
    assert case.state == RequestState.IDENTITY_REJECTED
    assert letter_kinds(case) == ["confirm", "acknowledged", "identity_needed", "identity_lapsed"]
    assert case.subject.holds.filter(released_at__isnull=True).count() == 1  # while they can turn to the authority
    assert LedgerEntry.objects.filter(action="subject_request.identity_lapsed").count() == 1


def test_the_look_may_be_repeated_and_closes_nothing_early_answered_or_asked_anew(alpha, officer):
    early, answered, anew = asked(officer), asked(officer, email="b@example.com"), asked(officer, email="c@example.com")
    identity_asking.lapse_identity(case_id=early.pk, until=early.identity_until)
    services.confirm_identity(case=answered, officer=officer)
    old = today() - timedelta(days=1)
    identity_asking.lapse_identity(case_id=answered.pk, until=old)
    identity_asking.lapse_identity(case_id=anew.pk, until=old)
    assert [again(case).state for case in (early, answered, anew)] == [
        RequestState.RECEIVED, RequestState.PLANNING, RequestState.RECEIVED,
    ]  # fmt: skip
    end_wait(case=locked(anew), cause=Cause.IDENTITY, actor=Actor.officer(officer))
    SubjectRequest.objects.filter(pk=anew.pk).update(identity_until=old)
    identity_asking.lapse_identity(case_id=anew.pk, until=old)  # they have replied, and an officer is looking at it
    assert again(anew).state == RequestState.RECEIVED
    over(early)
    for _time in range(2):
        identity_asking.lapse_identity(case_id=early.pk, until=old)
    assert Letter.objects.filter(case_id=early.pk, kind="case_identity_lapsed").count() == 1


def test_whoever_answered_in_time_is_not_closed_before_an_officer_has_looked(alpha, officer):
    case, silent = asked(officer), asked(officer, email="b@example.com")
    take_reply(case=case, actor=Actor.subject(case.subject), text="My invoice has the number 4711.")
    assert (again(case).waiting_for, again(case).identity_until) == ("", None)
    yesterday = today() - timedelta(days=1)
    over(silent)
    SubjectRequest.objects.filter(pk=case.pk).update(identity_until=yesterday)  # had it stayed, the wait alone would do
    for each in (case, silent):
        identity_asking.lapse_identity(case_id=each.pk, until=yesterday)
    assert [again(each).state for each in (case, silent)] == [
        RequestState.RECEIVED, RequestState.IDENTITY_REJECTED,
    ]  # fmt: skip
    services.ask_identity(case=case, officer=officer, ways=["A call from the number we know"])  # it was not enough
    assert again(case).waiting_for == "identity"
    services.confirm_identity(case=case, officer=officer)
    assert open_asks(case) == []


@pytest.mark.parametrize("seam", ["move", "unlock_after_recourse", "write_case_letter"])
def test_a_look_that_dies_anywhere_leaves_the_case_whole_and_the_next_one_closes_it(alpha, officer, monkeypatch, seam):
    case = asked(officer)
    over(case)
    real = getattr(identity_asking, seam)

    def dies(**given):
        real(**given)
        raise ConnectionError

    monkeypatch.setattr(identity_asking, seam, dies)
    with pytest.raises(ConnectionError):
        identity_asking.lapse_identity(case_id=case.pk, until=again(case).identity_until)
    assert (again(case).state, "identity_lapsed" in letter_kinds(case)) == (RequestState.RECEIVED, False)
    monkeypatch.undo()
    assert run_jobs(JOB) == 1
    assert (again(case).state, letter_kinds(case)[-1]) == (RequestState.IDENTITY_REJECTED, "identity_lapsed")


def test_nothing_is_asked_once_it_is_settled(alpha, officer):
    case = in_state(RequestState.DECIDING, kind="access")
    with pytest.raises(WrongState):
        services.ask_identity(case=case, officer=officer, ways=WAYS)
