"""Who and what must not be touched now."""

import uuid

from django.db.models import Q, QuerySet

from privacy.datamap.engine.selection import Held, Identifier
from privacy.subjects.models import Identifier as SubjectIdentifier
from privacy.subjects.models import Subject
from retention.models import Hold, Run


def in_force() -> QuerySet[Hold]:
    """Holds that nobody has released."""
    return Hold.objects.filter(released_at__isnull=True)


def holds_on(subject: Subject, *, except_case: uuid.UUID | None = None) -> QuerySet[Hold]:
    """Holds in force on a person, without the one that their own case placed."""
    holds = in_force().filter(subject=subject)
    return holds.exclude(case_id=except_case) if except_case is not None else holds


def held_datasets(run: Run) -> set[str]:
    """Keys of the datasets of a run's source that are held as a whole."""
    holds = in_force().filter(subject__isnull=True, dataset__source_id=run.source_id).select_related("dataset")
    return {hold.dataset.key for hold in holds if hold.dataset is not None}


def held_people(*, except_case: uuid.UUID | None = None) -> Held:
    """Everybody under a hold, by what they are known by, for the engine to leave out inside its statements.

    Args:
        except_case: the case for which a run works; its own hold protects the data until the run, not from it.
    """
    holds = in_force().filter(subject__isnull=False)
    if except_case is not None:
        holds = holds.filter(Q(case_id__isnull=True) | ~Q(case_id=except_case))
    known = SubjectIdentifier.objects.filter(subject_id__in=holds.values("subject_id")).order_by("pk")
    return Held(identifiers=tuple(Identifier(each.kind, each.value) for each in known))
