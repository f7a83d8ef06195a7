"""What a person had restricted is stored and nothing else, until it is lifted or they ask for erasure themselves."""

from uuid import uuid4

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import ADWOA_OWUSU_PAST_THE_PERIOD, AMA_MENSAH
from privacy.datamap.models import Action
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from retention.enums import HoldKind, RunState
from retention.errors import ReleaseRefused
from retention.holding import held_people
from retention.models import Hold
from retention.preview import preview_rule
from retention.selectors import why_kept
from retention.services import place_hold, release_hold, start_erasure_run, start_rule_run
from retention.why.answers import Cause
from retention.why.asking import explain_row
from retention.why.deciding import decide
from retention.why.words import ladder, verdict_words
from tests.holding import after_grace
from tests.retention.test_rule_runs import _rule
from tests.sources import approve, content, known, rows, work

PAST = ADWOA_OWUSU_PAST_THE_PERIOD.email
HER_ROW = "SELECT customer_id, full_name FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"


def restrict(email: str, kind: str = "restriction", **about):
    return place_restriction(subject=known(email), kind=kind, actor=SYSTEM, **about)


def lift(placed) -> Hold:
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)
    return Hold.objects.get(restriction_id=placed.pk)


@pytest.mark.parametrize("about", [{}, {"category": "financial"}])
def test_a_rule_leaves_restricted_rows_alone_and_takes_them_a_day_after_it_was_lifted(offixpro, crm, about):
    rule = _rule("customer", action=Action.MASK, start_event="cancellation")
    ((key, name),) = rows(crm, HER_ROW, PAST)
    free = preview_rule(rule).planned.rows
    assert free > 0
    placed = restrict(PAST, **about)
    seen = preview_rule(rule)
    assert (seen.planned.rows, [(each.hold.kind, each.rows) for each in seen.holds]) == (
        free - 1, [("restriction", 1)],
    )  # fmt: skip
    run = start_rule_run(rule=rule, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, rows(crm, HER_ROW, PAST)) == (RunState.COMPLETED, [(key, name)])
    hold = lift(placed)
    assert preview_rule(rule).planned.rows == 0  # the day of grace
    after_grace(hold)
    assert preview_rule(rule).planned.rows == 1
    work(start_rule_run(rule=rule, actor=SYSTEM).pk)
    assert rows(crm, HER_ROW, PAST) == []


def test_the_record_says_that_it_is_restricted_at_the_persons_request(offixpro, crm):
    rule = _rule("customer", start_event="cancellation")
    ((key, _name),) = rows(crm, HER_ROW, PAST)
    assert decide(explain_row(dataset=rule.dataset, key=(str(key),))).cause is Cause.DUE
    restrict(PAST)
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=known(PAST), case_id=uuid4(), actor=SYSTEM)
    said = explain_row(dataset=rule.dataset, key=(str(key),))
    verdict = decide(said)
    assert (verdict.cause, verdict.after_hold) == (Cause.RESTRICTION, True)
    assert verdict_words(said, verdict).title == "It is restricted at the person's request"
    assert [(each.name, each.speaks) for each in ladder(said, verdict) if each.decides] == [("Restriction", True)]
    assert why_kept(subject=known(PAST))[1].endswith("restricted at the person's request.")
    place_hold(kind=HoldKind.LEGAL, matter="Court", subject=known(PAST), actor=SYSTEM)
    assert decide(explain_row(dataset=rule.dataset, key=(str(key),))).cause is Cause.LEGAL_HOLD


@pytest.mark.parametrize("has_lock", [True, False])
def test_it_does_not_stop_the_erasure_that_the_person_asks_for(offixpro, crm, has_lock):
    subject, case = known(AMA_MENSAH.email), uuid4()
    restrict(AMA_MENSAH.email)
    if has_lock:
        place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=subject, case_id=case, actor=SYSTEM)
        planned = plan_erasure(subject=subject, held=held_people(except_case=case))
    else:
        planned = plan_erasure(subject=subject)
    assert planned.rows > 0
    (run,) = start_erasure_run(case_id=case, subject=subject, planned=planned, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, rows(crm, HER_ROW, AMA_MENSAH.email)) == (RunState.COMPLETED, [])


def test_anothers_erasure_does_not_reach_through_a_restriction(offixpro, crm):
    subject = known(AMA_MENSAH.email)
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=subject, case_id=(case := uuid4()), actor=SYSTEM)
    restrict(PAST)
    restrict(AMA_MENSAH.email)
    assert [each.value for each in held_people(except_case=case).identifiers] == [PAST]
    assert len(held_people().identifiers) == 2


@pytest.mark.parametrize("kind", ["objection", "marketing"])
def test_an_objection_forbids_a_use_and_holds_nothing(offixpro, kind):
    purpose = offixpro.datasets.filter(fields__purposes__isnull=False).first().fields.filter(purposes__isnull=False)
    restrict(PAST, kind, purpose=purpose.first().purposes.first())
    assert not Hold.objects.exists()


def test_the_hold_is_placed_once_and_released_by_lifting_the_restriction_only(offixpro, crm):
    placed = restrict(PAST)
    restrict(PAST)
    hold = Hold.objects.get()
    again = place_hold(
        kind=HoldKind.RESTRICTION, matter="m", subject=known(PAST), restriction_id=placed.pk, actor=SYSTEM
    )
    assert again == hold
    with pytest.raises(ReleaseRefused, match="lift the restriction"):
        release_hold(hold=hold, actor=SYSTEM)
    hold.refresh_from_db()
    assert hold.released_at is None
    before = content(crm, "crm")
    ended = lift(placed)
    assert (ended.released_at is not None, ended.spared_until > timezone.now()) == (True, True)
    assert content(crm, "crm") == before


def test_a_restriction_that_comes_while_a_run_is_approved_spares_its_rows(offixpro, crm):
    rule = _rule("customer", start_event="cancellation")
    run = start_rule_run(rule=rule, actor=SYSTEM)
    approve(run.pk)
    restrict(PAST)
    work(run.pk)
    assert len(rows(crm, HER_ROW, PAST)) == 1
