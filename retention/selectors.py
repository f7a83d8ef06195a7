"""Questions to retention: how far a run is, and why data is still here."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.models import Action, Dataset
from privacy.datamap.specs import is_about_people
from privacy.subjects.models import Subject
from retention.enums import RunState
from retention.holding import holds_on
from retention.models import Run, RunStep
from retention.problems import problem_words


@dataclass(frozen=True)
class StepProgress:
    """One dataset of a run. None means that the number is not known."""

    label: str
    table: str
    action: str
    action_words: str
    state: str
    state_words: str
    done: int
    expected: int
    held: int | None
    survivors: int | None

    @property
    def percent(self) -> int:
        """How much of it is done, 0 to 100; rows that came after the plan do not make it more."""
        if self.state == "done":
            return 100
        return min(99, self.done * 100 // self.expected) if self.expected else 0


@dataclass(frozen=True)
class RunProgress:
    """How far a run is. rate: rows in a second, None before the first. expected_end: None when nobody can say."""

    steps: tuple[StepProgress, ...]
    done: int
    expected: int
    rate: float | None
    expected_end: dt.datetime | None
    state: str
    state_words: str
    problem: str
    problem_words: str
    details: str


def run_progress(run: Run, *, now: dt.datetime | None = None) -> RunProgress:
    """How far a run is, in numbers and in words. Steps that keep their rows do not count as work."""
    steps = tuple(_step(step) for step in run.steps.order_by("position"))
    changing = [step for step in steps if step.action != Action.KEEP]
    done, expected = sum(step.done for step in changing), sum(step.expected for step in changing)
    end = run.completed_at or now or timezone.now()
    seconds = (end - run.started_at).total_seconds() if run.started_at else 0.0
    rate = done / seconds if done and seconds > 0 else None
    left = max(0, expected - done)
    going = run.state == RunState.RUNNING and not run.problem and rate
    return RunProgress(
        steps=steps,
        done=done,
        expected=expected,
        rate=rate,
        expected_end=end + dt.timedelta(seconds=left / rate) if going and rate else None,
        state=run.state,
        state_words=str(RunState(run.state).label),
        problem=run.problem,
        problem_words=problem_words(run.problem),
        details=run.problem_words,
    )


def rows_erased(run: Run) -> int:
    """Rows a run has changed or deleted so far."""
    return run.steps.exclude(action=Action.KEEP).aggregate(total=Sum("rows"))["total"] or 0


def why_kept(*, subject: Subject) -> list[str]:
    """Why data about a person is still here, strongest reason first: holds, then what the law wants kept."""
    reasons = [
        _("Held since %(date)s: %(kind)s.") % {"date": hold.placed_at.date(), "kind": hold.get_kind_display()}
        for hold in holds_on(subject).order_by("kind", "placed_at")
    ]
    kept = Dataset.objects.filter(source__is_active=True, on_erasure=Action.KEEP).prefetch_related("fields")
    reasons += [
        _("%(dataset)s: kept. %(reason)s") % {"dataset": dataset.label, "reason": dataset.keep_reason}
        for dataset in kept
        if is_about_people(dataset)
    ]
    return reasons


def _step(step: RunStep) -> StepProgress:
    return StepProgress(
        label=step.dataset_label,
        table=step.dataset_key,
        action=step.action,
        action_words=str(step.get_action_display()),
        state=step.state,
        state_words=str(step.get_state_display()),
        done=step.rows,
        expected=step.expected,
        held=step.held,
        survivors=step.survivors,
    )
