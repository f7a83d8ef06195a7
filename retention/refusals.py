"""What a source refused, table by table: the others are finished, and the record says what is left and why."""

from django.utils.translation import gettext as _

from privacy.datamap.engine.executor import Progress
from retention.enums import StepState
from retention.models import Run


def note_refusals(run: Run, progress: Progress) -> str:
    """Keep with each table what the source said and what was counted; all of it in words, for the run.

    Messages of the engine name tables and constraints, never a value.
    """
    for found in progress.verification.steps if progress.verification else ():
        run.steps.filter(dataset_key=found.step).update(survivors=found.count)
    for key, words in progress.refused.items():
        run.steps.filter(dataset_key=key).update(state=StepState.REFUSED, problem_words=words)
    waits = _("It waits until the rows that hang from it are done.")
    run.steps.filter(dataset_key__in=progress.waiting).update(state=StepState.PENDING, problem_words=waits)
    return "\n".join(f"{key}: {words}" for key, words in progress.refused.items())


def forget_refusals(run: Run) -> None:
    """The officer put something right: what was left is tried again, what was counted is counted anew."""
    run.steps.filter(state=StepState.REFUSED).update(state=StepState.PENDING)
    run.steps.update(problem_words="", survivors=None)
