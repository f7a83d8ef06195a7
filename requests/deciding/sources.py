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

UNANSWERED = (ErrandState.OPEN, ErrandState.CANCELLED)


def not_planned(case: SubjectRequest) -> QuerySet[Source]:
    """Sources that are on and of which the plan says nothing: connected, or switched on again, since it was made."""
    found = sources_outside(planned_sources(case)).exclude(pk__in=cut_of(case).not_asked).order_by("name")
    return _of_use(case, found)


def never_looked_in(case: SubjectRequest) -> QuerySet[Source]:
    """Sources that are off, as they were when the plan was made."""
    return switched_off_sources().exclude(pk__in=planned_sources(case))


def waited_for(case: SubjectRequest) -> QuerySet[Source]:
    """Sources that the plan has and that are off now, unless they have answered or are not asked."""
    asked = Errand.objects.filter(case_id=case.pk, work=ErrandWork.ACCESS)
    answered = asked.exclude(state__in=UNANSWERED)
    found = switched_off_sources().filter(pk__in=planned_sources(case)).exclude(pk__in=cut_of(case).not_asked)
    return _of_use(case, found.exclude(pk__in=answered.values("source")))


def no_more_asked(case: SubjectRequest) -> list[str]:
    """Names of sources that were asked for a copy, and without which the case was decided anew."""
    given_up = Errand.objects.filter(case_id=case.pk, work=ErrandWork.ACCESS, state=ErrandState.CANCELLED)
    left = given_up.exclude(source__in=planned_sources(case)).order_by("source__name")
    return list(left.values_list("source__name", flat=True))


def planned_sources(case: SubjectRequest) -> list[int]:
    """Keys of the sources of which the plan of a case speaks."""
    return [each["source"] for each in (case.plan or {}).get("plans", [])]


def _of_use(case: SubjectRequest, sources: QuerySet[Source]) -> QuerySet[Source]:
    """For a file to take along nobody is asked by hand."""
    return sources.exclude(kind__in=asking_kinds()) if case.kind == RequestKind.PORTABILITY else sources
