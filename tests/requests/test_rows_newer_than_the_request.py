"""Who asks to be erased and orders again before it is done keeps what came after the day of the request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.models import CurrentConsent
from consent.services import publish_wording, record_consent
from demo.crm.offixpro.known import AMA_MENSAH, SEAMUS_OBRIEN
from privacy.ledger.actors import SYSTEM
from privacy.letters.words import day_words
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.selectors import local_date, local_midnight
from requests import services
from requests.deciding.found import found_lines
from requests.models import SubjectRequest
from requests.selectors import public_status
from requests.services.found import find_data
from requests.services.outcome import newer_lines
from requests.services.planning import keep_plan
from retention.models import Run
from tests.requests.conftest import approved_case, confirmed, letter_of, planned_case, run_jobs, submit
from tests.requests.test_erasure import ama, end_runs
from tests.retention.test_rows_newer_than_the_request import customer_of, open_ticket
from tests.sources import change, known, rows

STILL_THERE = "SELECT count(*) FROM crm.ticket WHERE subject = 'Help me'"


def in_days(days: int):
    return local_midnight(local_date(timezone.now()) + timedelta(days=days))


def summary(case: SubjectRequest, table: str) -> dict:
    assert case.plan is not None
    return next(line for line in case.plan["summary"] if line["table"] == f"crm.{table}")


def test_the_plan_and_the_letter_say_how_much_was_left_and_nobody_decides_on_it(offixpro, crm, officer, make_officer):
    customer = customer_of(crm)
    open_ticket(crm, customer, in_days(1))
    case = planned_case(officer, email=AMA_MENSAH.email)
    assert (summary(case, "ticket")["rows"], summary(case, "ticket")["newer"]) == (AMA_MENSAH.tickets, 1)
    of_tickets = {
        table.rows for line in found_lines(case) for table in line.tables if table.dataset_key == "crm.ticket"
    }
    assert of_tickets == {AMA_MENSAH.tickets}
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=make_officer(), plan_hash=case.plan_hash)
    open_ticket(crm, customer, in_days(2))
    end_runs(case)
    assert (case.state, case.problem, ama(crm)) == ("completed", "", 0)
    assert rows(crm, STILL_THERE) == [(2,)]
    day = day_words(case.received_on)
    left = (
        f"We leave the following as it is: it came after {day}, the day on which we received your request, or belongs"
        " to data that did, so your request is not about it. If you want it deleted as well, you can send us a new"
        " request for it at any time.\n\n- Support tickets: 2 records\n"
    )
    assert left in letter_of(case, "erased").body
    assert public_status(case) == (
        f"Done: your data up to {day} is deleted, but for what our letter names. What came after that day is left: you"
        " can send us a new request for it."
    )
    assert Run.objects.get(case_id=case.pk).received_on == case.received_on


def test_of_a_request_that_is_dated_back_the_earlier_day_counts(offixpro, crm, officer):
    open_ticket(crm, customer_of(crm), in_days(0))
    case = planned_case(officer, email=AMA_MENSAH.email)
    assert summary(case, "ticket")["newer"] == 0
    case.received_on -= timedelta(days=1)
    found = find_data(case)
    assert next(line for line in found.plan["summary"] if line["table"] == "crm.ticket")["newer"] >= 1


def asked_days_ago(case: SubjectRequest, days: int) -> SubjectRequest:
    received_at = case.received_at - timedelta(days=days)
    SubjectRequest.objects.filter(pk=case.pk).update(received_at=received_at, received_on=local_date(received_at))
    return SubjectRequest.objects.get(pk=case.pk)


def test_who_asks_again_means_what_came_in_between_and_the_clock_counts_from_the_first(
    offixpro, crm, officer, make_officer
):
    first = asked_days_ago(confirmed(email=AMA_MENSAH.email), 20)
    services.confirm_identity(case=first, officer=officer)
    run_jobs("requests.plan")
    open_ticket(crm, customer_of(crm), in_days(-5))
    again = confirmed(email=AMA_MENSAH.email, details="Really everything.")
    open_ticket(crm, customer_of(crm), in_days(1))
    first.refresh_from_db()
    received_on, due_on, hashed = first.received_on, first.due_on, first.plan_hash
    services.join(case=again, into=first, officer=officer)
    first.refresh_from_db()
    assert (first.state, first.plan_hash, first.frozen_keys) == ("planning", "", None)
    run_jobs("requests.plan")
    first.refresh_from_db()
    assert (first.received_on, first.asked_until, first.due_on) == (received_on, again.received_on, due_on)
    assert first.plan_hash != hashed
    assert (summary(first, "ticket")["rows"], summary(first, "ticket")["newer"]) == (AMA_MENSAH.tickets + 1, 1)
    services.grant(case=first, officer=officer, plan_hash=first.plan_hash)
    services.approve_erasure(case=first, officer=make_officer(), plan_hash=first.plan_hash)
    assert end_runs(first).state == "completed"
    assert rows(crm, "SELECT opened_at FROM crm.ticket WHERE subject = 'Help me'") == [(in_days(1),)]
    assert Run.objects.get(case_id=first.pk).received_on == again.received_on


def test_a_plan_that_was_being_made_when_a_later_request_was_joined_is_not_kept(offixpro, crm, officer):
    first = asked_days_ago(confirmed(email=AMA_MENSAH.email), 20)
    services.confirm_identity(case=first, officer=officer)
    found = find_data(first)
    services.join(case=confirmed(email=AMA_MENSAH.email), into=first, officer=officer)
    keep_plan(case=first, found=found)
    first.refresh_from_db()
    assert (first.state, first.plan_hash) == ("planning", "")
    keep_plan(case=first, found=find_data(first))
    first.refresh_from_db()
    assert first.state == "deciding"


def test_what_nobody_confirmed_makes_the_person_ask_for_no_more(alpha, officer):
    first = asked_days_ago(confirmed(), 20)
    services.join(case=submit(), into=first, officer=officer)
    first.refresh_from_db()
    assert (first.asked_again_on, first.asked_until) == (None, first.received_on)
    later = asked_days_ago(confirmed(), 2)
    services.join(case=confirmed(), into=later, officer=officer)
    later.refresh_from_db()
    services.join(case=later, into=first, officer=officer)
    first.refresh_from_db()
    assert first.asked_until == local_date(timezone.now())


def test_the_letter_is_in_the_language_of_the_person(offixpro, crm, officer, make_officer):
    open_ticket(crm, customer_of(crm), in_days(1))
    case = end_runs(approved_case(officer, make_officer(), email=AMA_MENSAH.email, language="fr"))
    body = letter_of(case, "erased").body
    _above, parted, below = body.partition("Nous laissons en l’état ce qui suit\u00a0: ces données sont apparues après")
    assert parted
    assert "\n- Support tickets\u00a0: 1 enregistrement\n" in below
    other = end_runs(approved_case(officer, make_officer(), email=SEAMUS_OBRIEN.email))
    assert public_status(other) == "Done: your data is deleted. Our letter names what a law makes us keep."


@pytest.mark.parametrize("kind", ["access", "portability", "rectification"])
def test_whoever_asks_for_something_else_gets_it_of_everything(offixpro, crm, officer, kind):
    open_ticket(crm, customer_of(crm), in_days(1))
    case = planned_case(officer, kind=kind, email=AMA_MENSAH.email)
    assert (summary(case, "ticket")["rows"], summary(case, "ticket")["newer"]) == (AMA_MENSAH.tickets + 1, 0)
    assert not summary(case, "ticket")["dateless"]


def test_a_letter_before_the_erasure_says_it_as_well(offixpro, crm, officer):
    open_ticket(crm, customer_of(crm), in_days(1))
    case = planned_case(officer, email=AMA_MENSAH.email)
    assert newer_lines(case.plan or {}) == ["Support tickets: 1 record"]


def test_an_order_of_the_day_of_the_request_that_comes_after_the_plan_is_looked_at_first(
    offixpro, crm, officer, make_officer
):
    customer = customer_of(crm)
    case = approved_case(officer, make_officer(), email=AMA_MENSAH.email)
    open_ticket(crm, customer, in_days(0))
    end_runs(case)
    assert case.state != "completed"
    assert change(crm, "DELETE FROM crm.ticket WHERE subject = 'Help me'") == 1


def test_a_consent_that_was_given_after_the_day_of_the_request_stays(offixpro, officer, make_officer):
    subject = known(AMA_MENSAH.email)
    rests = {"lawful_basis": LawfulBasis.CONSENT, "withdrawal_consequences": "No more of it."}
    old, new = (Purpose.objects.create(code=code, title=code, **rests) for code in ("old", "new"))
    case = planned_case(officer, email=AMA_MENSAH.email)
    for purpose in (old, new):
        publish_wording(purpose=purpose, language="en", text=f"I agree to {purpose.code}.", actor=SYSTEM)
        record_consent(subject=subject, purpose=purpose, decision="given", method="electronic", actor=SYSTEM)
    end_of_day = local_midnight(case.received_on + timedelta(days=1))
    for purpose, moment in ((old, end_of_day - timedelta(seconds=1)), (new, end_of_day)):
        CurrentConsent.objects.filter(purpose=purpose).update(since=moment)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=make_officer(), plan_hash=case.plan_hash)
    assert end_runs(case).state == "completed"
    stands = dict(CurrentConsent.objects.filter(subject=subject).values_list("purpose__code", "decision"))
    assert stands == {"old": "withdrawn", "new": "given"}
    assert "your consent ends as well: old." in letter_of(case, "erased").body
