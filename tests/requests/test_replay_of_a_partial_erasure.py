"""A restored backup brings back whom an erasure spared in part: what was erased goes again, what was kept stays."""

import pytest
from django.core.management import CommandError, call_command

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.officers.models import Officer
from requests import services
from requests.services.locks import release_after_recourse
from retention.erased.returned import look_for_erased
from retention.holding import in_force
from retention.models import Hold, Run
from tests.holding import after_grace
from tests.requests.conftest import planned_case, run_jobs
from tests.requests.test_erasure import end_runs
from tests.requests.test_partial_erasure import decided
from tests.sources import change, rows

COLUMNS = ("email", "phone", "full_name", "customer_number", "street_address", "notes")
ONE = f"SELECT {', '.join(COLUMNS)} FROM crm.customer WHERE customer_id = %s"
PUT_BACK = f"UPDATE crm.customer SET {', '.join(f'{column} = %s' for column in COLUMNS)} WHERE customer_id = %s"
OTHER = """SELECT min(email) FROM crm.customer WHERE operated_by = 'offixpro' AND email <> %s AND kind = 'person'"""
NUMBER = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"


@pytest.fixture
def second(make_officer) -> Officer:
    return make_officer()


def erased(officer, second, email: str, *refused: str) -> None:
    case = decided(officer, *refused, case=planned_case(officer, email=email))
    if refused:
        run_jobs("requests.plan")
        case.refresh_from_db()
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    end_runs(case)
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")


def number_of(crm: str, email: str) -> int:
    return rows(crm, NUMBER, email)[0][0]


def columns(crm: str, number: int) -> dict[str, str]:
    return dict(zip(COLUMNS, rows(crm, ONE, number)[0], strict=True))


def recourse_is_over() -> None:
    """Nobody can turn to an authority any more because of what was refused."""
    for hold in Hold.objects.filter(released_at__isnull=True):
        release_after_recourse(case_id=hold.case_id)
    for hold in Hold.objects.filter(released_at__isnull=False):
        after_grace(hold)
    assert not in_force().exists()


def put_back(crm: str, number: int, before: dict[str, str]) -> None:
    """As a restore of this table does."""
    assert change(crm, PUT_BACK, *before.values(), number) == 1


@pytest.mark.parametrize("refused", ["identity", "contact"])
def test_what_was_erased_is_erased_again_and_what_was_refused_is_kept(offixpro, crm, alpha, officer, second, refused):
    number = number_of(crm, AMA_MENSAH.email)
    before = columns(crm, number)
    erased(officer, second, AMA_MENSAH.email, refused)
    after = columns(crm, number)
    kept = {column for column in COLUMNS if before[column] == after[column] and before[column] is not None}
    assert ("full_name" in kept, "email" in kept) == (refused == "identity", refused == "contact")
    call_command("verify_erasures", organisation=alpha.slug)
    recourse_is_over()
    put_back(crm, number, before)
    assert columns(crm, number) == before
    with pytest.raises(CommandError, match="rows of erased people came back"):
        call_command("verify_erasures", organisation=alpha.slug)
    call_command("replay_erasures", organisation=alpha.slug, execute=True)
    assert columns(crm, number) == after
    call_command("verify_erasures", organisation=alpha.slug)
    assert Run.objects.filter(kind="replay", state="completed").count() == 1


def test_each_person_is_erased_as_far_as_their_own_case_said(offixpro, crm, alpha, officer, second):
    kofi = rows(crm, OTHER, AMA_MENSAH.email)[0][0]
    numbers = {email: number_of(crm, email) for email in (AMA_MENSAH.email, kofi)}
    before = {email: columns(crm, number) for email, number in numbers.items()}
    erased(officer, second, AMA_MENSAH.email, "identity")
    erased(officer, second, kofi)
    after = {email: columns(crm, number) for email, number in numbers.items()}
    assert after[AMA_MENSAH.email]["full_name"] == before[AMA_MENSAH.email]["full_name"]
    assert after[kofi]["full_name"] != before[kofi]["full_name"]
    recourse_is_over()
    for email, number in numbers.items():
        put_back(crm, number, before[email])
    assert sum(each.back for each in look_for_erased(source=offixpro)) >= 2
    call_command("replay_erasures", organisation=alpha.slug, execute=True)
    assert {email: columns(crm, number) for email, number in numbers.items()} == after
    assert Run.objects.filter(kind="replay", state="completed").count() == 2
