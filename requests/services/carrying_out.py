"""Carrying out a rectification: in the sources, by tasks, and what follows from it.

Danger: telling a person that their record is corrected when it is not, or correcting what somebody else has changed.
Rule: a change counts as done when the source was read and says the new value. A record that says neither the old nor
the new value stops the case and goes back to its officer. Killed anywhere, the job's next run goes on: the source
itself tells which changes are made.
"""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from privacy.datamap.correcting import carry_out_correction, new_transaction_id
from privacy.datamap.engine.correcting import Correction as EngineCorrection
from privacy.datamap.engine.correcting import CorrectionStopped
from privacy.datamap.engine.errors import EngineError, SourceRefused
from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.errands.services import cancel_corrections, open_correction
from privacy.jobs.registry import Retry
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.letters.composing import letter_language
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.deciding.telling import ground_words, offers
from requests.enums import Outcome, RequestKind, RequestState
from requests.letters import write_case_letter
from requests.models import Annotation, Correction, NoticeChange, SubjectRequest, Verdict
from requests.problems import (
    CORRECTION_CHANGED,
    CORRECTION_REFUSED,
    HELD,
    SOURCE_UNREACHABLE,
    TASK_IMPOSSIBLE,
)
from requests.services.correcting import plan_of, queue_correcting, wanted_words
from requests.services.decisions import undecided
from requests.services.locks import unlock_after_recourse
from requests.services.moves import locked, move
from requests.services.new_identifiers import take_over_identifiers
from requests.services.planning import note_problem
from requests.services.telling_recipients import tell_recipients, told_changes
from retention.enums import HoldKind
from retention.holding import holds_on


def carry_out_corrections(*, case_id: str) -> None:
    """Make the changes of a granted rectification, then complete it. Does nothing for any other case.

    Raises:
        Retry: a source cannot be reached now, or the person's data is under a legal hold.
    """
    case = SubjectRequest.objects.select_related("subject").get(pk=case_id)
    if case.state != RequestState.EXECUTING or case.kind != RequestKind.RECTIFICATION:
        return
    if holds_on(case.subject, except_cases=[case.pk]).filter(kind=HoldKind.LEGAL).exists():
        note_problem(case=case, problem=HELD)
        raise Retry(HELD)
    _open_tasks(case)
    for each in case.corrections.filter(verdict=Verdict.CORRECT, done_at__isnull=True).select_related("source"):
        try:
            _replace(case, each)
        except CorrectionStopped:
            _stop(case, each, CORRECTION_CHANGED)
            return
        except SourceRefused:
            _stop(case, each, CORRECTION_REFUSED)
            return
        except EngineError as error:
            if not error.retryable:
                _stop(case, each, CORRECTION_REFUSED)
                return
            note_problem(case=case, problem=SOURCE_UNREACHABLE)
            raise Retry(SOURCE_UNREACHABLE) from error
    _complete_if_done(case.pk)


def correction_moved(errand: Errand) -> None:
    """Told when a task is declared or opened again: the case goes on."""
    if errand.work == ErrandWork.CORRECTION and errand.state != ErrandState.CANCELLED:
        queue_correcting(SubjectRequest.objects.get(pk=errand.case_id))


def close_refused(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Close a locked case of which every change was refused, in the transaction that decides."""
    now, refused = timezone.now(), list(case.corrections.all())
    move(
        case=case, to=RequestState.REFUSED, action="refused", actor=Actor.officer(officer),
        data={"ground": refused[0].ground}, decided_by=officer, decided_at=now, outcome=Outcome.REFUSED,
        refusal_ground=refused[0].ground, refusal_text="\n\n".join(str(each.reasons) for each in refused),
        frozen_keys=None, problem="",
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=local_date(now))
    _annotate(case, refused, Actor.officer(officer))
    return case


def _replace(case: SubjectRequest, correction: Correction) -> None:
    assert correction.source is not None
    assert correction.new is not None
    plan = plan_of(case, correction.source_id)
    keys = tuple(tuple(key) for key in correction.keys or ())
    change = EngineCorrection(correction.dataset, correction.column, keys, correction.old, correction.new)
    earlier, intended = correction.transaction_id, new_transaction_id(correction.source)
    Correction.objects.filter(pk=correction.pk).update(transaction_id=intended or earlier)
    rows = carry_out_correction(
        correction.source, plan, change, transaction_id=intended, earlier_id=earlier if intended else ""
    )
    _note_done(correction, rows)


@transaction.atomic
def _note_done(correction: Correction, rows: int) -> None:
    case = locked(correction.case_id)
    changed = Correction.objects.filter(pk=correction.pk, done_at__isnull=True).update(
        done_at=timezone.now(), rows=rows
    )
    if changed:
        data = {
            "source": correction.source_id,
            "dataset": correction.dataset,
            "column": correction.column,
            "rows": rows,
        }
        record(action="subject_request.value_corrected", actor=SYSTEM, target=case, data=data)


@transaction.atomic
def _open_tasks(case: SubjectRequest) -> None:
    case = locked(case)
    if case.state != RequestState.EXECUTING:
        return
    waiting = case.corrections.filter(verdict=Verdict.TASK, errand__isnull=True, done_at__isnull=True)
    for each in waiting.select_related("source"):
        if each.source is None or case.decided_by is None:
            continue
        each.errand = open_correction(
            source=each.source, subject=case.subject, case_id=case.pk, task=_task_words(each), officer=case.decided_by
        )
        each.save(update_fields=["errand"])


def _task_words(correction: Correction) -> str:
    lines = [wanted_words(correction), translation.gettext("New value: %(new)s") % {"new": correction.new}]
    return "\n".join(str(line) for line in lines)


@transaction.atomic
def _stop(case: SubjectRequest, correction: Correction, problem: str) -> None:
    """Back to the officer: the decision about this change does not count any more, those that are done stay."""
    case = locked(case)
    if case.state != RequestState.EXECUTING:
        return
    _tasks_done(case)  # what was done by hand stays done
    cancel_corrections(case_id=case.pk)
    stopped = case.corrections.filter(done_at__isnull=True).exclude(verdict=Verdict.REFUSE)
    data = {"source": correction.source_id, "dataset": correction.dataset, "column": correction.column}
    stopped.delete()
    move(
        case=case, to=RequestState.DECIDING, action="correction_stopped", actor=SYSTEM, data=data, problem=problem,
        **undecided(),
    )  # fmt: skip


@transaction.atomic
def _complete_if_done(case_id: uuid.UUID) -> None:
    case = locked(case_id)
    if case.state != RequestState.EXECUTING:
        return
    if not _tasks_done(case) or case.corrections.exclude(verdict=Verdict.REFUSE).filter(done_at__isnull=True).exists():
        return
    done = [each for each in case.corrections.all() if each.verdict != Verdict.REFUSE]
    refused = [each for each in case.corrections.all() if each.verdict == Verdict.REFUSE]
    told = tell_recipients(case=case, change=NoticeChange.CORRECTED, actor=SYSTEM, corrections=done)
    now = timezone.now()
    move(
        case=case, to=RequestState.COMPLETED, action="corrected", actor=SYSTEM,
        data={"changes": len(done), "refused": len(refused), "recipients": len(told)}, frozen_keys=None, problem="",
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=local_date(now))
    names = [each.recipient.name for each in told if not each.is_secret]
    write_case_letter(kind="corrected", case=case, actor=SYSTEM, changes=told_changes(done), recipients=names)
    _annotate(case, refused, SYSTEM)
    take_over_identifiers(case=case, corrections=done)  # last: the letters still go to the address from before


def _tasks_done(case: SubjectRequest) -> bool:
    """Whether every task was declared; what came of each is noted on its change."""
    for each in case.corrections.filter(verdict=Verdict.TASK, done_at__isnull=True).select_related("errand"):
        if each.errand is None or each.errand.state == ErrandState.OPEN:
            return False
        if each.errand.state == ErrandState.IMPOSSIBLE:
            note_problem(case=case, problem=TASK_IMPOSSIBLE)
            return False
        each.done_at, each.rows = timezone.now(), int(each.errand.state == ErrandState.DONE)
        each.save(update_fields=["done_at", "rows"])
    return True


def _annotate(case: SubjectRequest, refused: list[Correction], actor: Actor) -> None:
    """What the person says stays with the data, everybody who got it hears of it, and the person is told why."""
    for each in refused:
        Annotation.objects.create(
            subject=case.subject, case_id=case.pk, label=each.label, category=each.category, statement=each.wanted
        )
        write_case_letter(kind="correction_refused", case=case, actor=actor, **_refusal_words(case, each))
    if refused:
        record(action="subject_request.annotated", actor=actor, target=case, data={"n": len(refused)})
        tell_recipients(case=case, change=NoticeChange.DISPUTED, actor=actor, corrections=refused)


def _refusal_words(case: SubjectRequest, correction: Correction) -> dict[str, Any]:
    with translation.override(letter_language(case.language)):
        words, section = ground_words(correction.ground)
        instead = offers(correction.alternatives, correction.own_alternative or "")
    return {
        "wanted": correction.wanted, "reasons": correction.reasons,
        "ground_words": words, "ground_section": section, "alternatives": instead,
    }  # fmt: skip
