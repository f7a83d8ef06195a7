"""Erasing what an erasure left because the law wanted it kept, once the law does not want it any more.

Danger: a row is erased under somebody's old approval that is not theirs, or that the law wants again.
Rule: exactly the rows that were remembered, and of those only the ones that are still what they were and that nothing
keeps now; asked when the plan is made, and again in every slice before anything is changed. Two officers, as for every
erasure: `retention.services.replays` has the door.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from privacy.datamap.engine.errors import Mismatch, PlanNoLongerMatches
from privacy.datamap.engine.kept import BATCH_ROWS
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.planner import MOST_ROOT_ROWS, make_plan
from privacy.datamap.engine.selection import RootKeys, SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import Key
from privacy.datamap.models import Dataset, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.subject_changes import check_map_of_steps
from privacy.datamap.subject_plan import active_sources
from privacy.ledger.actors import Actor
from retention.enums import KeptState, RunKind
from retention.errors import NothingFree
from retention.holding import held_people
from retention.kept.looking import rows_of, tell, went
from retention.kept.remembering import row_index
from retention.kept.standing import KeptWorld, Stand
from retention.models import KeptRow, Run
from retention.plans import plan_of
from retention.services.replays import start_again


def plan_kept(*, source: Source) -> Plan:
    """What erasing the rows that the law does not want kept any more would do. Changes nothing.

    At most MOST_ROOT_ROWS rows of a table go into one plan; the rest into the next one.

    Raises:
        NothingFree: no row is free, as far as was looked.
        DatamapIncomplete: datasets about people are not confirmed, or a minimum does not fit the data map.
        EngineError: the source cannot be read, or the data map does not fit it.
    """
    active_sources()  # says what is not confirmed
    with open_for_engine(source) as engine:
        world = KeptWorld(source, engine)
        keys = {each.key: tuple(_free_now(world, each, _free_rows(source, each))) for each in world.datasets.values()}
        instructions = [
            replace(
                world.instructions[name],
                selection=SubjectKeys((RootKeys(name, found),)),
                unless=world.steps[name].unless,
            )
            for name, found in keys.items()
            if found
        ]
        if not instructions:
            raise NothingFree
        return make_plan(engine, world.specs, instructions, held=held_people())


def start_kept(*, source: Source, plan: Plan, actor: Actor) -> Run:
    """Write the run down; it waits for the approval of another officer. Again for the same plan gives the same run."""
    return start_again(kind=RunKind.KEPT, source=source, plan=plan, actor=actor)


def check_kept(source: Source, engine: EngineSource, plan: Plan) -> None:
    """See, before a slice changes anything, that every planned row that is still there is what it was and is free.

    Raises:
        DatamapChanged: the data map, or what the law wants kept, says something else by now.
        PlanNoLongerMatches: rows are other ones by now, or may stay; lists how many in which dataset.
        EngineError: the source cannot be read.
    """
    world = KeptWorld(source, engine)
    check_map_of_steps(source, engine, plan, {name: step.unless for name, step in world.steps.items()})
    wrong = []
    for step in plan.steps:
        planned = _keys_of(step)
        if left := sum(_not_free(world, world.datasets[step.dataset], some) for some in _batches(planned)):
            wrong.append(Mismatch(step.key, len(planned), len(planned) - left))
    if wrong:
        raise PlanNoLongerMatches(tuple(wrong))


def indexes_gone(run: Run) -> dict[str, list[bytes]]:
    """By dataset, which of the rows of a run are gone or anonymised now, by the index under which they are remembered.

    Raises:
        EngineError: the source cannot tell.
    """
    plan, gone = plan_of(run), {}
    with open_for_engine(run.source) as engine:
        world = KeptWorld(run.source, engine)
        for step in plan.steps:
            dataset = world.datasets[step.dataset]
            gone[step.dataset] = [
                bytes(each.row.row_index)
                for some in _batches(_keys_of(step))
                for each in world.standings(dataset, list(_remembered(dataset, some)))
                if each.stand is Stand.GONE
            ]
    return gone


@transaction.atomic
def forget_gone(run: Run, gone: dict[str, list[bytes]]) -> None:
    """Tell the erasures that had left these rows that a run carried out the rest, and forget the rows."""
    for dataset in Dataset.objects.filter(source=run.source):
        indexes = gone.get(dataset.key, [])
        for start in range(0, len(indexes), BATCH_ROWS):
            some = indexes[start : start + BATCH_ROWS]
            went(dataset, KeptRow.objects.filter(kept__dataset=dataset, row_index__in=some), by=run)
    tell(run.source)


def _free_rows(source: Source, dataset: Dataset) -> QuerySet[KeptRow]:
    rows = rows_of(source).filter(kept__dataset=dataset, state=KeptState.FREE)
    return rows.select_related("kept").order_by("pk")


def _free_now(world: KeptWorld, dataset: Dataset, rows: QuerySet[KeptRow]) -> Iterator[Key]:
    """A batch at a time: only the keys are kept in memory."""
    last = 0
    for _batch in range(MOST_ROOT_ROWS // BATCH_ROWS):
        some = list(rows.filter(pk__gt=last)[:BATCH_ROWS])
        if not some:
            return
        last = some[-1].pk
        for each in world.standings(dataset, some):
            if each.stand is Stand.FREE:
                yield tuple(each.row.key)


def _not_free(world: KeptWorld, dataset: Dataset, keys: Sequence[Key]) -> int:
    """How many of some keys are of rows that are there and must not be touched. Any record that fits frees its row."""
    may = {
        bytes(each.row.row_index)
        for each in world.standings(dataset, list(_remembered(dataset, keys)))
        if each.stand in (Stand.FREE, Stand.GONE)
    }
    return len({row_index(dataset, key) for key in keys} - may)


def _remembered(dataset: Dataset, keys: Sequence[Key]) -> QuerySet[KeptRow]:
    indexes = [row_index(dataset, key) for key in keys]
    return KeptRow.objects.filter(kept__dataset=dataset, row_index__in=indexes).select_related("kept").order_by("pk")


def _keys_of(step: Step) -> tuple[Key, ...]:
    assert isinstance(step.selection, SubjectKeys)
    return step.selection.keys_of(step.dataset)


def _batches(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), BATCH_ROWS):
        yield keys[start : start + BATCH_ROWS]
