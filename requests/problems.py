"""Why work on a case does not get on: codes, and the words that say what is happening and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE_UNREACHABLE = "source_unreachable"
NO_SOURCES = "no_sources"
DATA_MAP_UNREADY = "data_map_unready"
PLAN_CHANGED = "plan_changed"
HELD = "held"
SURVIVORS = "survivors"
ERASURE_STOPPED = "erasure_stopped"
PLANNING_FAILED = "planning_failed"
PACKAGE_FAILED = "package_failed"


@dataclass(frozen=True)
class Problem:
    """`happening` says what is, `to_do` what the officer does about it; empty when nothing is needed."""

    code: str
    happening: str | Promise
    to_do: str | Promise


_PROBLEMS = {
    problem.code: problem
    for problem in (
        Problem(
            SOURCE_UNREACHABLE,
            _("A source cannot be reached. The work is tried again by itself, with growing pauses."),
            _("Look at the sources in the data map if this lasts longer than an hour. Nothing is lost meanwhile."),
        ),
        Problem(
            NO_SOURCES,
            _("No source is connected, so no data can be looked for."),
            _("Connect the organisation's databases in the data map, then find the data again."),
        ),
        Problem(
            DATA_MAP_UNREADY,
            _("The data map does not say enough to find this person's data safely."),
            _("Complete the datasets in the data map that are not confirmed yet, then find the data again."),
        ),
        Problem(
            PLAN_CHANGED,
            _("The data changed after the plan was approved, so the erasure stopped and the approval is void."),
            _("Look at the new plan, decide again, and have it approved again."),
        ),
        Problem(
            HELD,
            _("Other holds forbid touching some of the data: another open request or a legal hold."),
            _("The erasure goes on by itself when the hold is released. Look at the holds under Retention."),
        ),
        Problem(
            SURVIVORS,
            _("After the erasure, rows that should be gone or anonymised were still counted."),
            _("Look at the run's result per table, remove the cause in the source, then resume the run."),
        ),
        Problem(
            ERASURE_STOPPED,
            _("The erasure stopped before its end. What was done stays done and is recorded exactly."),
            _("Look at the run for the cause, then resume it."),
        ),
        Problem(
            PLANNING_FAILED,
            _("The data could not be looked for because of an error."),
            _("Check the data map's description of the sources, then find the data again."),
        ),
        Problem(
            PACKAGE_FAILED,
            _("The access package could not be made because of an error."),
            _("Check the data map's description of the sources, then make the package again."),
        ),
    )
}


def problem_words(code: str) -> Problem | None:
    """What to tell the officer about a code; None for no problem. An unknown code still says that work stopped."""
    if not code:
        return None
    return _PROBLEMS.get(code, Problem(code, _PROBLEMS[ERASURE_STOPPED].happening, _PROBLEMS[ERASURE_STOPPED].to_do))


def known_codes() -> frozenset[str]:
    return frozenset(_PROBLEMS)
