"""Sources that the plan of a case has and that are off by now, and the other way round.

Danger: an answer that looks whole and is not, because a source went off after it was planned, or came on again.
Rule: what the plan has is waited for; what it has not is planned anew before anything is granted or given.
"""

from django.db.models import QuerySet

from privacy.datamap.asking import asking_kinds, switched_off_sources
from privacy.datamap.models import Source
from privacy.datamap.subject_plan import sources_outside
from privacy.errands.models import Errand, ErrandState, ErrandWork
from requests.deciding.cut import cut_of
from requests.enums import RequestKind
from requests.models import SubjectRequest


def not_planned(case: SubjectRequest) -> QuerySet[Source]:
    """Sources that are on and of which the plan says nothing: connected, or switched on again, since it was made."""
    found = sources_outside(_planned(case)).exclude(pk__in=cut_of(case).not_asked).order_by("name")
    return _of_use(case, found)


def never_looked_in(case: SubjectRequest) -> QuerySet[Source]:
    """Sources that are off, as they were when the plan was made."""
    return switched_off_sources().exclude(pk__in=_planned(case))


def waited_for(case: SubjectRequest) -> QuerySet[Source]:
    """Sources that the plan has and that are off now, unless they have answered or are not asked."""
    answered = Errand.objects.filter(case_id=case.pk, work=ErrandWork.ACCESS).exclude(state=ErrandState.OPEN)
    found = switched_off_sources().filter(pk__in=_planned(case)).exclude(pk__in=cut_of(case).not_asked)
    return _of_use(case, found.exclude(pk__in=answered.values("source")))


def _planned(case: SubjectRequest) -> list[int]:
    return [each["source"] for each in (case.plan or {}).get("plans", [])]


def _of_use(case: SubjectRequest, sources: QuerySet[Source]) -> QuerySet[Source]:
    """For a file to take along nobody is asked by hand."""
    return sources.exclude(kind__in=asking_kinds()) if case.kind == RequestKind.PORTABILITY else sources
