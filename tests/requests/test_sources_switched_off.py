"""A source that is switched off, or on again, after the data was looked for: no answer looks whole that is not."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Source
from privacy.errands.models import Errand, ErrandState
from privacy.errands.services import add_manual_source
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.selectors import local_date
from requests import services
from requests.errors import SourcesNotPlanned, WrongState
from requests.fulfilment.access_package import open_package
from requests.models import AccessPackage, SubjectRequest
from requests.services.tasks import declare_task
from tests.officer.conftest import sign_in
from tests.portal.conftest import text_of
from tests.requests.conftest import letter_kinds, planned_case, run_jobs

__all__ = ["sign_in"]


@pytest.fixture
def cellar(alpha, officer) -> Source:
    return add_manual_source(name="Cellar", owner=officer, instructions="Look.", days=7, actor=SYSTEM)


@pytest.fixture
def attic(alpha, officer) -> Source:
    return add_manual_source(name="Attic", owner=officer, instructions="Look.", days=7, actor=SYSTEM)


def switch(source: Source, *, on: bool) -> None:
    Source.objects.filter(pk=source.pk).update(is_active=on)


def granted(officer, *, kind="access", **more) -> SubjectRequest:
    case = planned_case(officer, kind=kind, **more)
    return services.grant(case=case, officer=officer, plan_hash=case.plan_hash)


def packed(case) -> SubjectRequest:
    run_jobs("requests.build_package")
    case.refresh_from_db()
    return case


def nothing_in(source: Source, officer) -> None:
    errand = Errand.objects.get(source=source)
    declare_task(errand=errand, officer=officer, state=ErrandState.NOTHING_FOUND, comment="All shelves")


def page_of(case, client) -> str:
    return text_of(client.get(f"/officer/requests/subjectrequest/{case.pk}/change/?tab=data"))


def test_a_copy_waits_for_a_source_that_is_switched_off_before_it_answered(cellar, attic, officer, sign_in):
    case = packed(granted(officer))
    switch(attic, on=False)
    nothing_in(cellar, officer)
    case = packed(case)
    assert (case.state, case.problem, AccessPackage.objects.count()) == ("executing", "source_off", 0)
    assert "In the plan, but switched off now: Attic" in page_of(case, sign_in(officer))
    switch(attic, on=True)
    case = packed(case)
    assert (case.state, case.problem) == ("executing", "")
    nothing_in(attic, officer)
    assert packed(case).state == "completed"
    assert "In the plan, but switched off" not in page_of(case, sign_in(officer))


def test_the_wait_for_a_source_goes_on_by_itself(attic, officer):
    case = granted(officer)
    switch(attic, on=False)
    packed(case)
    assert Job.objects.get(kind="requests.build_package").state == "pending"


def test_a_source_that_is_off_and_has_answered_is_not_waited_for(cellar, attic, officer):
    case = packed(granted(officer))
    switch(attic, on=False)
    nothing_in(attic, officer)
    nothing_in(cellar, officer)
    case = packed(case)
    assert (case.state, case.problem) == ("completed", "")


def test_what_a_source_that_is_off_could_not_give_is_said_on_the_case(attic, officer):
    case = packed(granted(officer))
    errand = Errand.objects.get(source=attic)
    declare_task(errand=errand, officer=officer, state=ErrandState.IMPOSSIBLE, comment="Flooded")
    switch(attic, on=False)
    case = packed(case)
    assert (case.state, case.problem) == ("executing", "task_impossible")


@pytest.mark.parametrize("kind", ["access", "portability"])
def test_a_database_that_is_off_is_waited_for(offixpro, crm, officer, kind):
    case = granted(officer, kind=kind, email=AMA_MENSAH.email)
    database = Source.objects.get(name=case.plan["summary"][0]["source"])
    add_manual_source(name="Shelf", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    switch(Source.objects.get(name="Shelf"), on=False)
    switch(database, on=False)
    case = packed(case)
    assert (case.state, case.problem) == ("executing", "source_off")
    switch(database, on=True)
    case = packed(case)
    assert (case.state, case.problem) == ("completed", "")


def test_a_file_to_take_along_waits_for_no_place_where_nobody_is_asked(offixpro, crm, attic, officer):
    case = granted(officer, kind="portability", email=AMA_MENSAH.email)
    switch(attic, on=False)
    assert packed(case).state == "completed"


def test_nothing_is_granted_while_a_source_is_on_that_the_plan_has_not(cellar, attic, officer, sign_in):
    switch(attic, on=False)
    case = planned_case(officer, kind="access")
    assert "Not looked in: Attic" in page_of(case, sign_in(officer))
    switch(attic, on=True)
    page = page_of(case, sign_in(officer))
    assert ("Not in this plan: Attic" in page, "Not looked in" in page) == (True, False)
    with pytest.raises(SourcesNotPlanned, match="nothing about Attic"):
        services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert "Not in this plan" not in page_of(case, sign_in(officer))
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    packed(case)
    assert set(Errand.objects.values_list("source__name", flat=True)) == {"Attic", "Cellar"}


def test_a_source_that_comes_on_after_the_grant_is_decided_on_first(cellar, attic, officer):
    switch(attic, on=False)
    case = granted(officer)
    switch(attic, on=True)
    case = packed(case)
    assert (case.state, case.problem, case.decided_at) == ("planning", "source_connected", None)
    assert not Errand.objects.exists()
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, {each["source"] for each in case.plan["summary"]}) == ("deciding", {"Attic", "Cellar"})


def test_a_source_of_the_plan_that_is_off_is_told_apart_from_one_that_nobody_looked_in(cellar, attic, officer, sign_in):
    switch(attic, on=False)
    case = planned_case(officer, kind="access")
    switch(cellar, on=False)
    page = page_of(case, sign_in(officer))
    assert "Not looked in: Attic</strong>" in page
    assert "In the plan, but switched off now: Cellar</strong>" in page


def test_a_source_that_is_gone_for_good_is_left_out_by_a_new_decision_alone(cellar, attic, officer, sign_in):
    case = packed(granted(officer))
    switch(attic, on=False)
    case = packed(case)
    page = sign_in(officer).get(f"/officer/requests/subjectrequest/{case.pk}/replan/")
    assert page.status_code == 200
    services.replan(case=case, officer=officer)
    assert LedgerEntry.objects.filter(action="subject_request.decision_void").count() == 1
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("deciding", "source_gone")
    assert "Not looked in: Attic" in page_of(case, sign_in(officer))
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    nothing_in(cellar, officer)
    assert packed(case).state == "completed"
    assert "package_ready" in letter_kinds(case)


def test_a_copy_that_waits_for_nothing_is_not_planned_anew(cellar, officer):
    case = packed(granted(officer))
    with pytest.raises(WrongState):
        services.replan(case=case, officer=officer)


def without_attic(cellar, attic, officer) -> SubjectRequest:
    """A case that waited for the attic, and was planned anew without it."""
    case = packed(granted(officer))
    switch(attic, on=False)
    case = packed(case)
    assert Errand.objects.get(source=attic).state == ErrandState.OPEN
    services.replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    return case


def states() -> dict[str, str]:
    return dict(Errand.objects.values_list("source__name", "state"))


def test_a_task_in_a_source_that_is_gone_for_good_ends_and_nobody_is_reminded_of_it(cellar, attic, officer, sign_in):
    case = without_attic(cellar, attic, officer)
    assert states() == {"Attic": "cancelled", "Cellar": "open"}
    assert LedgerEntry.objects.get(action="errand.cancelled").data == {"case": str(case.pk)}
    Errand.objects.update(due_on=local_date(timezone.now()) - timedelta(days=1))
    run_jobs("errands.remind")
    assert Letter.objects.filter(kind="task_overdue").count() == 1
    assert "nobody waits for it: the case has ended, or goes on without it" in page_of(case, sign_in(officer))


def test_a_package_says_where_nobody_looked(cellar, attic, officer):
    case = without_attic(cellar, attic, officer)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    nothing_in(cellar, officer)
    case = packed(case)
    assert (case.state, states()["Attic"]) == ("completed", "cancelled")
    with zipfile.ZipFile(io.BytesIO(b"".join(open_package(case.package)))) as archive:
        page = archive.read("index.html").decode()
    said = "We did not look here, because it was switched off:</p>\n<ul><li>Attic</li></ul>"
    assert (said in page, "What is not in this file" in page) == (True, True)


def test_a_task_is_opened_again_when_its_source_comes_back_and_is_waited_for(cellar, attic, officer):
    case = without_attic(cellar, attic, officer)
    switch(attic, on=True)
    services.replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    nothing_in(cellar, officer)
    switch(attic, on=False)
    assert packed(case).problem == "source_off"
    switch(attic, on=True)
    case = packed(case)
    assert (case.state, states()["Attic"]) == ("executing", "open")
    assert LedgerEntry.objects.filter(action="errand.reopened").count() == 1
    nothing_in(attic, officer)
    assert packed(case).state == "completed"


def test_a_case_that_is_withdrawn_leaves_no_open_task(cellar, attic, officer):
    case = without_attic(cellar, attic, officer)
    services.withdraw_request(case=case, actor=SYSTEM)
    assert states() == {"Attic": "cancelled", "Cellar": "cancelled"}
