"""How far runs are, table by table, as pages show it. What was not counted is said to be unknown, never zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from privacy.datamap.models import Action, SourceKind
from privacy.datamap.newer import lost_words
from retention.admin.kept_tables import KeptRow, kept_tables
from retention.enums import ChunkState, Result, RunKind, RunState, StepState
from retention.models import NoticePass, Run, RunChunk, RunStep
from retention.problems import problem_words
from retention.results import WORDS
from retention.transitions import GOING_ON

LEVELS: dict[str, str] = {
    RunState.AWAITING: "soon",
    RunState.PENDING: "plain",
    RunState.RUNNING: "info",
    RunState.PAUSED: "soon",
    RunState.COMPLETED: "ok",
    RunState.ATTENTION: "overdue",
    RunState.STOPPED: "soon",
}
LIVE = GOING_ON
RATE_OVER = timedelta(minutes=1)
_CHANGED = (ChunkState.PREPARED, ChunkState.COMPLETED)
CERTIFIED = frozenset({RunState.COMPLETED})
_ASKED: dict[str, Promise] = {
    SourceKind.MANUAL: gettext_lazy("A person does this work and declares what came of it; nobody can count here."),
    SourceKind.OPENDSR: gettext_lazy("A processor does this work and signs what came of it; nobody can count here."),
}
_ON_WHOSE_WORD: dict[str, Promise] = {
    SourceKind.MANUAL: gettext_lazy("completed, as an officer declared"),
    SourceKind.OPENDSR: gettext_lazy("completed, as the processor signed"),
}


@dataclass(frozen=True)
class StepRow:
    """One table, or one pass over its small groups (`level` above zero).

    `percent` is 0 to 100; `left` and `held` are None while nobody has counted; `words`: why it is so. `result`: what
    the rows that were changed are in law; empty while none was."""

    label: str
    table: str
    level: int
    action: str
    expected: int
    rows: int
    percent: int
    left: int | None
    held: int | None
    waiting: int
    protected: int
    newer: int
    newer_words: str
    lost_words: str
    words: str
    verdict: str
    verdict_level: str
    result: str
    result_words: str
    is_partly_done: bool

    @property
    def is_settled(self) -> bool:
        """Whether it asks for nothing any more: nothing is left, waits, is held, or gets lost."""
        asks = self.left or self.held or self.waiting or self.words or self.lost_words
        return self.verdict_level == "ok" and not asks


@dataclass(frozen=True)
class Telling:
    """Letters to people before a run acts: to how many there were to be some, to how many there are, and to whom none

    can be written. is_done: all are written.
    """

    expected: int
    told: int
    unreachable: int
    is_done: bool


@dataclass(frozen=True)
class RunRow:
    """One run. `words` explain a problem and say what to do; `rate` is rows per second; `certificate` is an address.

    `held` is None while not every table was counted.
    """

    title: str
    link: str
    source: str
    state: str
    level: str
    is_live: bool
    words: str
    waits_since: datetime | None
    created_at: datetime
    completed_at: datetime | None
    expected: int
    rows: int
    held: int | None
    percent: int
    rate: float | None
    ends_at: datetime | None
    certificate: str
    steps: tuple[StepRow, ...]
    telling: Telling | None
    kept: tuple[KeptRow, ...]
    asked: str
    """Who does the work, when it is nobody's database; empty otherwise."""

    @property
    def is_over(self) -> bool:
        return self.level == LEVELS[RunState.COMPLETED] and not self.words

    @property
    def settled(self) -> list[StepRow]:
        """Of a run that is over, the tables that ask for nothing."""
        return [each for each in self.steps if self.is_over and each.is_settled]

    @property
    def staying(self) -> int:
        """Rows that are left on purpose in the settled tables: newer than the request, or kept by law."""
        return sum(each.protected + each.newer for each in self.settled if not each.level)

    @property
    def unsettled(self) -> list[StepRow]:
        return [each for each in self.steps if not (self.is_over and each.is_settled)]


def run_rows(runs: QuerySet[Run], *, with_kept: bool = False) -> list[RunRow]:
    """Runs with their tables, in three queries whatever their number, and one for each that is running.

    Args:
        with_kept: also the tables that are left whole, which only a few runs at once should be asked for: it reads
            their plans.
    """
    unread = ("frozen_keys",) if with_kept else ("plan", "frozen_keys")
    chosen = list(runs.select_related("source", "rule", "notice_pass").defer(*unread).prefetch_related("steps"))
    kept = kept_tables(chosen if with_kept else ())
    return [run_row(run, kept.get(run.pk, ())) for run in chosen]


def run_row(run: Run, kept: tuple[KeptRow, ...] = ()) -> RunRow:
    """One run with its tables."""
    steps = tuple(_step(step, run) for step in run.steps.all() if step.action != Action.KEEP)
    planned = [step for step in steps if not step.level]
    expected, rows = sum(step.expected for step in planned), sum(step.rows for step in planned)
    rate = _rate(run)
    return RunRow(
        title=run.rule.name if run.rule else str(run.get_kind_display()),
        link=reverse("officer:retention_run_change", args=[run.pk]),
        source=run.source.name,
        state=state_words(run),
        level=level_of(run),
        is_live=run.state in LIVE,
        words=words_of(run),
        waits_since=run.waits_since if is_waiting(run) else None,
        created_at=run.created_at,
        completed_at=run.completed_at,
        expected=expected,
        rows=rows,
        held=_sum_known(step.held for step in steps),
        percent=_percent(rows, expected, run.state == RunState.COMPLETED),
        rate=rate,
        ends_at=_ends_at(run, expected - rows, rate),
        certificate=reverse("officer:retention_run_certificate", args=[run.pk]) if run.state in CERTIFIED else "",
        steps=steps,
        telling=_telling(run),
        kept=kept,
        asked=str(_ASKED.get(run.source.kind, "")),
    )


def _telling(run: Run) -> Telling | None:
    found: NoticePass | None = getattr(run, "notice_pass", None) if run.kind == RunKind.RETENTION else None
    if found is None:
        return None
    return Telling(found.expected, found.told, found.unreachable, found.done_at is not None)


def is_waiting(run: Run) -> bool:
    """Whether the run would go on if something else were not in the way."""
    return run.state in LIVE and bool(run.problem)


def state_words(run: Run) -> str:
    """What the run is doing, for people: one that waits is not said to be running, and where nobody could
    count it says on whose word it is so."""
    if is_waiting(run):
        return _("waiting")
    if run.state == RunState.COMPLETED and run.source.kind in _ON_WHOSE_WORD:
        return str(_ON_WHOSE_WORD[run.source.kind])
    if was_all_held(run):
        if getattr(run, "waiting_rows", None):
            return _("ended, its rows are under a hold or wait for their notice")
        return _("ended, all rows are under a hold")
    return str(run.get_state_display())


def was_all_held(run: Run) -> bool:
    """Whether a run ended without a change because a hold spares what did not wait. Counted by the list of runs."""
    done, held = getattr(run, "done_rows", None), getattr(run, "held_rows", None)
    return run.state == RunState.COMPLETED and bool(held) and not done


def level_of(run: Run) -> str:
    """How the state of a run is coloured."""
    return "soon" if is_waiting(run) or was_all_held(run) else LEVELS[run.state]


def live_state(run: Run) -> str:
    """When this changes, more of the page changes than its live part."""
    return f"{run.state} waiting" if is_waiting(run) else run.state


def words_of(run: Run) -> str:
    """Why the run is not getting on. A run keeps the words of its own problem where it has some."""
    if not run.problem:
        return ""
    if run.problem == "source_refused":
        return problem_words(run.problem)  # what the source said stands beside each table
    return run.problem_words or problem_words(run.problem)


def _step(step: RunStep, run: Run) -> StepRow:
    verdict, level = _verdict(step, run)
    return StepRow(
        label=step.dataset_label,
        table=step.table,
        level=step.level,
        action=_("small groups made coarser, step %(n)d") % {"n": step.level} if step.level else _done(step),
        expected=step.expected,
        rows=step.rows,
        percent=_percent(step.rows, step.expected, step.state == StepState.DONE and not step.survivors),
        left=step.survivors,
        held=step.held,
        waiting=step.waiting or 0,
        protected=step.protected or 0,
        newer=step.newer or 0,
        newer_words=newer_words(step.newer or 0, run.received_on),
        lost_words=lost_words(step.newer or 0) if step.loses_newer else "",
        words=step.problem_words,
        verdict=str(verdict),
        verdict_level=level,
        result=str(Result(step.result).label) if step.result and step.rows else "",
        result_words="" if step.level or not _is_done(step) else str(WORDS.get(step.result, "")),  # once, of the table
        is_partly_done=not _is_done(step),
    )


def _is_done(step: RunStep) -> bool:
    return step.state == StepState.DONE and step.rows > 0


def newer_words(n: int, received_on: date | None) -> str:
    """How many rows are left because they came after the request, and after which day."""
    if not n or received_on is None:
        return ""
    words = ngettext(
        "%(n)s row left: it came after %(day)s, or belongs to one that did",
        "%(n)s rows left: they came after %(day)s, or belong to some that did",
        n,
    )
    return words % {"n": f"{n:,}", "day": date_format(received_on, "j F Y")}


def _done(step: RunStep) -> str:
    return str(step.get_action_display())


def _verdict(step: RunStep, run: Run) -> tuple[str | Promise, str]:
    """What the count after the work said."""
    if step.state == StepState.REFUSED:
        return _("refused by the source"), "overdue"
    if step.survivors is not None and step.survivors > 0:
        words = ngettext("%(n)d row left", "%(n)d rows left", step.survivors)
        return words % {"n": step.survivors}, "overdue"
    if step.survivors == 0 and step.newer:
        return _("verified: none left that the request is about"), "ok"
    if step.survivors == 0:
        return _("verified: none left"), "ok"
    if step.state == StepState.RUNNING and run.state == RunState.RUNNING and not is_waiting(run):
        return _("going on now"), "info"
    if run.state == RunState.ATTENTION:
        return _("not verified"), "soon"
    return _("not counted yet"), "plain"


def _sum_known(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)


def _percent(rows: int, expected: int, done: bool) -> int:
    """Whole per cent; 100 only when it is done, so that no bar is full before its time."""
    if done:
        return 100
    return min(99, rows * 100 // expected) if expected else 0


def _rate(run: Run) -> float | None:
    """Rows a second over the last minute of work; None while it does not work. Pauses and waiting do not count."""
    if run.state != RunState.RUNNING or is_waiting(run):
        return None
    now = timezone.now()
    lately = RunChunk.objects.filter(step__run=run, state__in=_CHANGED, intended_at__gte=now - RATE_OVER)
    found = lately.aggregate(rows=Sum("rows"), since=Min("intended_at"))
    seconds = (now - found["since"]).total_seconds() if found["since"] else 0
    return found["rows"] / seconds if found["rows"] and seconds >= 1 else None


def _ends_at(run: Run, left: int, rate: float | None) -> datetime | None:
    if run.state != RunState.RUNNING or run.problem or not rate or left <= 0:
        return None
    return timezone.now() + timedelta(seconds=left / rate)
