"""How many people a rule would tell now, and how many rows wait for their notice. Reads the source in windows."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from privacy.datamap.engine.counting import changes_rows, predicates_of
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.screening import Screen
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.source import Source as EngineSource
from retention.models import Rule
from retention.notices.gate import NoticeGate
from retention.notices.standing import WITHOUT_ADDRESS, Standing, columns_of, stand_of
from retention.notices.terms import NoticeTerms


@dataclass(frozen=True)
class NoticeCounts:
    """to_tell: people to whom letters would be written now. told: those who got theirs and whose row is still there.

    without_address, undelivered: rows that nobody can be told about, and whose letter did not arrive. to_note: of those
    without address, the ones whose days begin now. waiting: by dataset, rows that are due and wait for their notice.
    """

    to_tell: int
    told: int
    without_address: int
    to_note: int
    undelivered: int
    waiting: dict[str, int] = field(default_factory=dict)

    @property
    def to_write(self) -> int:
        return self.to_tell + self.to_note


def count_notices(
    *, rule: Rule, terms: NoticeTerms, source: EngineSource, plan: Plan, later: Plan, held: Held, day: dt.date
) -> NoticeCounts:
    """Count what a run planned for a day would find.

    Args:
        plan: of what is due on that day.
        later: of what will be due when the days of notice are over.

    Raises:
        EngineError: the source cannot tell.
    """
    gate = NoticeGate(rule_id=rule.pk, root=rule.dataset.key, version=rule.version, terms=terms, day=day)
    standings: Counter[Standing] = Counter()
    with source.connect() as connection:
        screen = Screen(source, predicates_of(later, source), gate)
        step = step_of(later, rule.dataset.key)
        for window in screen.windows(connection, step, held):
            rows = screen.read(connection, step, window.lower, window.upper, held, texts=columns_of(terms))
            stands = stand_of(
                rows, rule_id=rule.pk, dataset=rule.dataset.key, version=rule.version, terms=terms, day=day
            )
            standings.update(each.standing for each in stands)
        screen = Screen(source, predicates_of(plan, source), gate)
        steps = [each for each in plan.steps if changes_rows(each)]
        waiting = {each.dataset: screen.count(connection, each, held).waiting for each in steps}
    return NoticeCounts(
        to_tell=standings[Standing.TO_TELL],
        told=standings[Standing.TOLD],
        without_address=sum(standings[each] for each in WITHOUT_ADDRESS),
        to_note=standings[Standing.TO_NOTE],
        undelivered=standings[Standing.UNDELIVERED],
        waiting=waiting,
    )


def step_of(plan: Plan, dataset: str) -> Step:
    """What a plan does to a dataset."""
    return next(step for step in plan.steps if step.dataset == dataset)
