"""Why work on a case does not get on: codes, and the words that say what is happening and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from retention.problems import problem_words as run_problem_words

SOURCE_UNREACHABLE = "source_unreachable"
NO_SOURCES = "no_sources"
DATA_MAP_UNREADY = "data_map_unready"
PLAN_CHANGED = "plan_changed"
MAP_CHANGED = "map_changed"
MINIMUM_CHANGED = "minimum_changed"
SOURCE_CONNECTED = "source_connected"
SOURCE_OFF = "source_off"
SOURCE_GONE = "source_gone"
ERASURE_CANCELLED = "erasure_cancelled"
PLANNING_FAILED = "planning_failed"
PACKAGE_FAILED = "package_failed"
DECISION_OUTDATED = "decision_outdated"
NOT_TO_BE_SPARED = "not_to_be_spared"
CORRECTION_CHANGED = "correction_changed"
CORRECTION_REFUSED = "correction_refused_by_source"
HELD = "held"
DATASET_HELD = "dataset_held"
TASK_IMPOSSIBLE = "task_impossible"
FILE_INFECTED = "file_infected"
SCANNER_AWAY = "scanner_away"


VOIDED = frozenset(
    {
        PLAN_CHANGED,
        MAP_CHANGED,
        MINIMUM_CHANGED,
        SOURCE_CONNECTED,
        SOURCE_GONE,
        ERASURE_CANCELLED,
        DECISION_OUTDATED,
        NOT_TO_BE_SPARED,
    }
)
"""Why an approval or a decision was lost; said until the officer has decided again."""


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
            MAP_CHANGED,
            _("The data map was changed after the plan was approved, so the erasure stopped and the approval is void."),
            _("Look at the new plan, decide again, and have it approved again."),
        ),
        Problem(
            MINIMUM_CHANGED,
            _("A statutory minimum changed after the plan was approved, so the erasure stopped. The approval is void."),
            _("Look at the new plan, decide again, and have it approved again."),
        ),
        Problem(
            SOURCE_CONNECTED,
            _("A source was connected, or switched on, after the plan was made, so it is looked in as well."),
            _("Look at the new plan and decide again; an erasure is approved again."),
        ),
        Problem(
            SOURCE_OFF,
            _("A source that the plan has is switched off. Nothing is given before it was looked in."),
            _("Switch it on under “Sources”, and the work goes on. If it is gone for good, find the data again."),
        ),
        Problem(
            SOURCE_GONE,
            _("The data was looked for again because a source was switched off, so the decision is void."),
            _("The plan names where nobody looked. Look at what is found now, and decide again."),
        ),
        Problem(
            ERASURE_CANCELLED,
            _("An officer cancelled the erasure while it was being carried out, so its approval is void."),
            _("Look at the new plan, decide again, and have it approved again."),
        ),
        Problem(
            DECISION_OUTDATED,
            _("Data was found on which nobody has decided, so nothing was done and the decision is void."),
            _("Look at what is found now, and decide again."),
        ),
        Problem(
            NOT_TO_BE_SPARED,
            _("What was refused cannot be kept while the rest is erased: one refers to the other."),
            _("Decide again: refuse the tables that belong together, or grant them together."),
        ),
        Problem(
            PLANNING_FAILED,
            _("The data could not be looked for because of an error."),
            _("Check the data map's description of the sources, then find the data again."),
        ),
        Problem(
            HELD,
            _("A hold on this person's data stops the work. It goes on by itself when the hold has ended."),
            _("The tab “Data” names what holds it: end that case, or ask whether the legal hold is still needed."),
        ),
        Problem(
            DATASET_HELD,
            _("A hold on one of the datasets stops the work. It goes on by itself when the hold is released."),
            _("Look at the holds of retention, and ask whether that one is still needed."),
        ),
        Problem(
            CORRECTION_CHANGED,
            _("The record says something else than when the correction was decided, so it was left as it is."),
            _("Find the data again, look at what the record says now, and decide the change again."),
        ),
        Problem(
            CORRECTION_REFUSED,
            _("The source did not take the new value: a rule of its own or a missing right stands against it."),
            _("Ask whoever runs the source, then decide the change again."),
        ),
        Problem(
            PACKAGE_FAILED,
            _("The access package could not be made because of an error."),
            _("Check the data map's description of the sources, then make the package again."),
        ),
    )
}


def problem_words(code: str) -> Problem | None:
    """What to tell the officer about a code of a case or of one of its runs; None for no problem."""
    if not code:
        return None
    return _PROBLEMS.get(code) or Problem(code, run_problem_words(code), "")
