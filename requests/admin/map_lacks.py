"""Why nobody can look for a person's data now, by the data map as it stands at this moment."""

from dataclasses import replace

from django.utils.translation import gettext as _

from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.subject_plan import active_sources, erasure_instructions
from requests.enums import RequestKind
from requests.models import SubjectRequest
from requests.problems import DATA_MAP_UNREADY, Problem


def with_what_lacks(problem: Problem | None, case: SubjectRequest) -> Problem | None:
    """The problem of a case, with the tables by name where the data map is it. No source is asked."""
    if problem is None or problem.code != DATA_MAP_UNREADY:
        return problem
    lacks = _lacks(case)
    if not lacks:
        return replace(problem, happening=_("The data map did not say enough to find this person's data safely."),
                       to_do=_("It does by now: find the data again."))  # fmt: skip
    return replace(problem, to_do=_("%(lacks)s Then find the data again.") % {"lacks": lacks})


def _lacks(case: SubjectRequest) -> str:
    received_on = case.received_on if case.kind == RequestKind.ERASURE else None
    try:
        for source, datasets in active_sources():
            erasure_instructions(source, datasets, received_on=received_on)
    except DatamapIncomplete as error:
        return str(error)
    return ""
