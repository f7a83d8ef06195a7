"""Carrying out an approved erasure, and what its runs report back.

Danger: telling a person that their data is gone when some of it is not.
Rule: a case is completed only when every run of the approved plan is completed and no source was connected since, and
a run is completed only when its verification counted nothing left over. Everything else leaves the case open, with a
problem that says why.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from consent.services import withdraw_everything
from privacy.datamap.subject_plan import PlannedErasure, sources_outside
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.register.selectors import local_date, local_midnight
from requests.deciding.cut import cut_of
from requests.deciding.grounds import law_can_silence
from requests.enums import RequestKind, RequestState
from requests.errors import PlanMissing
from requests.letters import write_case_letter
from requests.models import Approval, NoticeChange, SubjectRequest
from requests.problems import ERASURE_CANCELLED, MAP_CHANGED, MINIMUM_CHANGED, PLAN_CHANGED, SOURCE_CONNECTED
from requests.services.decisions import undecided
from requests.services.erased_categories import erased_categories
from requests.services.locks import unlock_after_recourse, unlock_data, unlock_for_erasure
from requests.services.moves import locked, move
from requests.services.outcome import erasure_outcome
from requests.services.planning import no_plan, note_problem, queue_planning
from requests.services.remembering import copies_not_fetched, forget_after_erasure
from requests.services.telling_recipients import tell_recipients
from retention.enums import RunState
from retention.erased.sparing import let_spared_stay
from retention.models import Run
from retention.services import start_erasure_run, stop_erasure_runs
from retention.transitions import GOING_ON
from retention.waking import FOR_A_HOLD


def start_erasure(*, case: SubjectRequest, actor: Actor) -> None:
    """Start one run for each source, in the transaction that approves.

    Raises:
        PlanMissing: the rows to be erased are not known.
    """
    if case.frozen_keys is None:
        raise PlanMissing
    planned = PlannedErasure.from_data(case.frozen_keys)
    unlock_for_erasure(case=case)
    start_erasure_run(case_id=case.pk, subject=case.subject, planned=planned, actor=actor, received_on=case.asked_until)
    _go_on_when_done(case)  # a source in which the same was verified before has nothing left to do


def erasure_run_ended(run: Run) -> None:
    """Told by retention, at least once, when a run was completed, stopped or needs attention."""
    if run.case_id is None:
        return
    with transaction.atomic():
        case = locked(run.case_id)
        if case.state != RequestState.EXECUTING or not current_runs(case).filter(pk=run.pk).exists():
            return
        if run.state == RunState.STOPPED:
            _back_to_planning(case, run)
        elif run.state == RunState.ATTENTION:
            note_problem(case=case, problem=run.problem)
        elif not _go_on_when_done(case) and case.problem:
            _forget_problem_unless_others_have_one(case)


def run_is_approved(run: Run) -> bool:
    """Asked by retention: is the case being carried out, under an approval for which this run was started?"""
    return Approval.objects.filter(
        case_id=run.case_id,
        case__state=RequestState.EXECUTING,
        plan_hash=F("case__plan_hash"),
        approved_at__lte=run.created_at,
    ).exists()


def current_runs(case: SubjectRequest) -> QuerySet[Run]:
    """The runs of the plan that was approved last; runs of earlier plans do not count."""
    if case.kind != RequestKind.ERASURE or case.frozen_keys is None:
        return Run.objects.none()
    hashes = [each.plan.hash for each in PlannedErasure.from_data(case.frozen_keys).plans]
    return Run.objects.filter(case_id=case.pk, plan_hash__in=hashes)


def _go_on_when_done(case: SubjectRequest) -> bool:
    """Whether the case has gone on: completed, or back to planning."""
    assert case.frozen_keys is not None  # start_erasure saw to it; they go when the case is completed
    planned = PlannedErasure.from_data(case.frozen_keys)
    done = set(current_runs(case).filter(state=RunState.COMPLETED).values_list("source_id", "plan_hash"))
    if not {(each.source_id, each.plan.hash) for each in planned.plans} <= done:
        return False
    cut = cut_of(case)
    if sources_outside([each.source_id for each in planned.plans]).exclude(pk__in=cut.not_asked).exists():
        _void_approval(
            case, problem=SOURCE_CONNECTED
        )  # one was connected since, and nobody has looked for the person there
        return True
    outcome = erasure_outcome(case)
    withdrawn = withdraw_everything(
        subject=case.subject, actor=SYSTEM, language=case.language, evidence={"subject_request": case.reference},
        given_before=local_midnight(case.asked_until + timedelta(days=1)),
    )  # fmt: skip
    erased = erased_categories(case)
    tell_recipients(
        case=case, change=NoticeChange.ERASED, actor=SYSTEM, kinds=erased.categories, in_part=erased.in_part
    )
    copy = next(iter(copies_not_fetched(case.subject)), None)
    write_case_letter(
        kind="erased", case=case, actor=SYSTEM, done=outcome.done, kept=outcome.kept,
        newer=outcome.newer, newer_day=outcome.newer_day, is_refused=outcome.is_refused,
        may_be_silent=law_can_silence(case), withdrawn=[each.purpose.title for each in withdrawn],
        copy_until=local_date(copy.expires_at) if copy else None,
    )  # fmt: skip
    move(
        case=case, to=RequestState.COMPLETED, action="erased", actor=SYSTEM, data={"rows": outcome.rows},
        frozen_keys=None, problem="",
    )  # fmt: skip
    if cut:
        let_spared_stay(subject=case.subject, planned=planned)
        unlock_after_recourse(case=case, decided_on=local_date(timezone.now()))
    else:
        unlock_data(case=case, actor=SYSTEM)
    forget_after_erasure(case=case)
    return True


def _back_to_planning(case: SubjectRequest, run: Run) -> None:
    """The rows are no longer those that were approved: the approval is void in every source and the plan made anew.

    A run that stopped before the present approval says nothing about it, even if both plans are the same.
    """
    if not case.approvals.filter(approved_at__gt=run.created_at).exists():
        _void_approval(case, problem=_VOID_BY.get(run.problem, PLAN_CHANGED))


_VOID_BY = {"cancelled": ERASURE_CANCELLED, "map_changed": MAP_CHANGED, "minimum_changed": MINIMUM_CHANGED}
"""What an officer is told of by why a run stopped; by anything else the rows changed."""


def _void_approval(case: SubjectRequest, *, problem: str) -> None:
    void = list(case.approvals.values_list("plan_hash", flat=True))
    case.approvals.all().delete()
    move(
        case=case, to=RequestState.PLANNING, action="approval_void", actor=SYSTEM, data={"plans": void},
        problem=problem, cooling_off_until=None, **undecided(), **no_plan(),
    )  # fmt: skip
    stop_erasure_runs(case_id=case.pk, actor=SYSTEM)
    queue_planning(case)


def _forget_problem_unless_others_have_one(case: SubjectRequest) -> None:
    waits = Q(state=RunState.ATTENTION) | Q(state__in=GOING_ON, problem__in=FOR_A_HOLD)
    if not current_runs(case).filter(waits).exists():
        case.problem = ""
        case.save(update_fields=["problem"])
        record(action="subject_request.problem_over", actor=SYSTEM, target=case)
