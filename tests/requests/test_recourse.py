"""PIPEDA s. 8(8): data that was asked for is kept while the person can still complain."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.law.counting import add_months
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests import services
from requests.complaint_clock import authorities_for
from requests.enums import EscalationLevel, Outcome
from requests.enums import RequestState as S
from requests.services.answering import answer_case
from requests.services.escalating import escalate
from requests.services.locks import giving_way_to, release_after_recourse, unlock_after_recourse, unlock_for_erasure
from requests.traits import PORTAL_KINDS
from retention.holding import in_force
from retention.models import Hold
from tests.requests.conftest import confirmed, in_state, letter_of
from tests.requests.in_words import GIVEN, begun

PLAN = {"plan": {"summary": []}, "plan_hash": "a" * 64}


def refused(officer, laws: list[str], ground: str):
    OrganisationProfile.objects.update(laws=laws, country="CA")
    case = in_state(S.DECIDING, kind="access", **PLAN)
    services.refuse(case=case, officer=officer, ground=ground, text="Privileged.", own_alternative="Call.")
    return case


def test_under_pipeda_a_refused_case_keeps_its_lock_for_six_months_and_then_lets_go(officer):
    case = refused(officer, ["CA-FED"], "CA-FED.privilege")
    assert Hold.objects.get(case_id=case.pk).released_at is None
    job = Job.objects.get(kind="requests.end_recourse", slot=str(case.pk))
    today = local_date(timezone.now())
    year, month = divmod(today.year * 12 + today.month - 1 + 6, 12)
    assert local_date(job.due_at).replace(day=1) == date(year, month + 1, 1)
    assert 181 <= (local_date(job.due_at) - today).days <= 185
    release_after_recourse(case_id=str(case.pk))
    assert Hold.objects.get(case_id=case.pk).released_at is not None


def release_job_on(case) -> date:
    return local_date(Job.objects.get(kind="requests.end_recourse", slot=str(case.pk)).due_at)


@pytest.mark.parametrize(
    ("laws", "country", "ground", "kind"),
    [
        (["GH"], "GH", "GH.third_party", "access"),
        (["EU"], "DE", "EU.rights_of_others", "access"),
        (["UK"], "GB", "UK.rights_of_others", "access"),
        (["CA-AB"], "CA", "CA-AB.privilege", "access"),
        (["CA-FED"], "CA", "ANY.nothing_held", "erasure"),
    ],
)
def test_where_no_period_is_known_a_refusal_keeps_the_lock_for_six_months(officer, laws, country, ground, kind):
    OrganisationProfile.objects.update(laws=laws, country=country, promise_days=None)
    case = in_state(S.DECIDING, kind=kind, **PLAN)
    services.refuse(case=case, officer=officer, ground=ground, text="Another person.", own_alternative="Call us.")
    assert Hold.objects.get(case_id=case.pk).released_at is None
    today = local_date(timezone.now())
    assert release_job_on(case) == add_months(today, 6) + timedelta(days=1)
    release_after_recourse(case_id=str(case.pk))
    assert Hold.objects.get(case_id=case.pk).released_at is not None


def test_the_lock_ends_on_the_day_after_the_one_that_the_letter_tells(officer):
    case = refused(officer, ["CA-BC"], "CA-BC.privilege")
    last = release_job_on(case) - timedelta(days=1)
    assert f"{last.day} {last:%B %Y}" in letter_of(case, "refused").body
    assert Hold.objects.get(case_id=case.pk).released_at is None


@pytest.mark.parametrize(("laws", "is_kept"), [(["GH"], False), (["CA-FED"], True)])
def test_what_was_granted_in_full_is_kept_only_where_a_law_says_so(officer, laws, is_kept):
    OrganisationProfile.objects.update(laws=laws, country="CA", promise_days=None)
    case = in_state(S.COMPLETED, kind="access", closed_at=timezone.now(), decided_at=timezone.now(), outcome="granted")
    unlock_after_recourse(case=case, decided_on=local_date(timezone.now()))
    assert (Hold.objects.get(case_id=case.pk).released_at is None) == is_kept


@pytest.mark.parametrize(("laws", "lets_go"), [(["GH"], True), (["CA-FED"], False)])
def test_an_erasure_that_the_same_person_asks_goes_before_a_lock_that_no_law_wants(officer, laws, lets_go):
    OrganisationProfile.objects.update(laws=laws, country="CA", promise_days=None)
    earlier = in_state(S.DECIDING, kind="access", **PLAN)
    services.refuse(
        case=earlier, officer=officer, ground="ANY.nothing_held", text="Nothing is held.", own_alternative="Call us."
    )
    assert Hold.objects.get(case_id=earlier.pk).released_at is None
    erasure = confirmed(kind="erasure")
    assert giving_way_to(erasure) == ({earlier.pk} if lets_go else set())
    unlock_for_erasure(case=erasure)
    assert (Hold.objects.get(case_id=earlier.pk) not in in_force()) == lets_go
    assert Hold.objects.get(case_id=erasure.pk).released_at is None


def test_an_erasure_waits_for_no_day_of_grace_of_a_lock_that_has_ended(officer):
    OrganisationProfile.objects.update(laws=["CA-FED"], country="CA", promise_days=None)
    ended = [confirmed(kind=kind) for kind in ("access", "portability", "objection")]
    for case in ended[:2]:
        services.withdraw_request(case=case, actor=SYSTEM)  # its lock is released, and spares the data for a day
    erasure, question = confirmed(kind="erasure"), confirmed(kind="question")
    assert giving_way_to(question) == frozenset()
    assert giving_way_to(erasure) == {ended[0].pk, ended[1].pk}
    unlock_for_erasure(case=erasure)
    assert {hold.case_id for hold in in_force()} == {ended[2].pk, erasure.pk, question.pk}
    assert LedgerEntry.objects.filter(action="hold.let_go").count() == 2
    unlock_for_erasure(case=erasure)
    assert LedgerEntry.objects.filter(action="hold.let_go").count() == 2


def test_a_complaint_that_an_authority_has_before_it_keeps_its_lock_from_an_erasure(officer):
    OrganisationProfile.objects.update(laws=["CA-AB"], country="CA", promise_days=None)
    complaint = begun("complaint")
    answer_case(case=complaint, officer=officer, given=replace(GIVEN["complaint"], outcome=Outcome.NOT_UPHELD))
    erasure = confirmed(kind="erasure", email=complaint.subject.identifiers.get().value)
    assert erasure.subject == complaint.subject
    assert giving_way_to(erasure) == {complaint.pk}
    authority = authorities_for(complaint)[0].code
    escalate(
        case=complaint, officer=officer, level=EscalationLevel.AUTHORITY, reasons="They turned to it.",
        authority=authority,
    )  # fmt: skip
    assert giving_way_to(erasure) == frozenset()


@pytest.mark.parametrize("kind", PORTAL_KINDS)
def test_every_kind_of_case_locks_the_data_while_it_is_open(alpha, kind):
    case = confirmed(kind=kind)
    assert Hold.objects.get(case_id=case.pk).released_at is None


def test_whoever_was_refused_for_want_of_proof_keeps_their_lock_as_well(officer):
    OrganisationProfile.objects.update(laws=["CA-FED"], country="CA")
    case = confirmed(kind="access")
    services.reject_identity(case=case, officer=officer)
    assert Hold.objects.get(case_id=case.pk).released_at is None
    assert 181 <= (release_job_on(case) - local_date(timezone.now())).days <= 186


def test_the_letter_names_the_authority_and_how_long_it_can_be_asked(officer):
    case = refused(officer, ["CA-FED"], "CA-FED.privilege")
    body = letter_of(case, "refused").body
    assert "Office of the Privacy Commissioner of Canada" in body
    assert "within 6 calendar months of our answer" in body
