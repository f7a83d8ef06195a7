"""PIPEDA s. 8(8): data that was asked for is kept while the person can still complain."""

from datetime import date

from django.utils import timezone

from privacy.jobs.models import Job
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests import services
from requests.enums import RequestState as S
from requests.services import locks
from requests.services.locks import release_after_recourse
from retention.models import Hold
from tests.requests.conftest import in_state, letter_of

PLAN = {"plan": {"summary": []}, "plan_hash": "a" * 64}


def refused(officer, laws: list[str], ground: str):
    OrganisationProfile.objects.update(laws=laws, country="CA")
    case = in_state(S.DECIDING, kind="access", **PLAN)
    services.refuse(case=case, officer=officer, ground=ground, text="Privileged.")
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


def test_a_recourse_without_a_known_end_keeps_the_lock_until_an_officer_releases_it(officer, monkeypatch):

    monkeypatch.setattr(locks, "recourse_ends_on", lambda rule, day: None)
    case = refused(officer, ["CA-FED"], "CA-FED.privilege")
    assert Hold.objects.get(case_id=case.pk).released_at is None
    assert Job.objects.filter(kind="requests.end_recourse").count() == 0


def test_a_law_without_such_a_duty_lets_go_at_once(officer):
    OrganisationProfile.objects.update(laws=["GH"], country="GH")
    case = in_state(S.DECIDING, kind="access", **PLAN)
    services.refuse(case=case, officer=officer, ground="GH.third_party", text="Another person.")
    assert Hold.objects.get(case_id=case.pk).released_at is not None


def test_the_letter_names_the_authority_and_how_long_it_can_be_asked(officer):
    case = refused(officer, ["CA-FED"], "CA-FED.privilege")
    body = letter_of(case, "refused").body
    assert "Office of the Privacy Commissioner of Canada" in body
    assert "within 6 calendar months of our answer" in body
