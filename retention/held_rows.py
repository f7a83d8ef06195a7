"""Where the person of a hold is found now: a hold whose identifier is on no row keeps nothing, and nobody would notice.

Danger: the answer is for officers and never decides anything. Rule: rows are counted with the condition by which runs
spare them; nothing is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from privacy.datamap.asking import databases
from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.planner import draft_plan
from privacy.datamap.engine.selection import Held, Identifier
from privacy.datamap.errors import AddressRefused
from privacy.datamap.models import Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import datasets_of, is_about_people, specs_of
from privacy.subjects.identifiers import IdentifierKind
from retention.holding import known_by
from retention.models import Hold


@dataclass(frozen=True)
class HeldRows:
    """Rows of the person in one table."""

    source: str
    table: str
    rows: int


@dataclass(frozen=True)
class FoundNow:
    """Where a hold finds its person.

    away: sources that could not be asked. other_case: nothing is found, and there are rows with the same customer
    number in other capital letters.
    """

    tables: tuple[HeldRows, ...]
    away: tuple[str, ...]
    other_case: bool = False


def found_now(hold: Hold) -> FoundNow:
    """Count the rows of the person of a hold in every active source that is a database. Reads, changes nothing.

    Args:
        hold: on a person.
    """
    (held,) = known_by([hold])
    found = _count(held)
    if found.tables or not (others := _in_other_case(held.identifiers)):
        return found
    return replace(found, other_case=bool(_count(Held(identifiers=others)).tables))


def _count(held: Held) -> FoundNow:
    tables: list[HeldRows] = []
    away: list[str] = []
    for source in databases().order_by("name"):
        try:
            tables += _in_source(source, held)
        except (EngineError, AddressRefused):
            away.append(source.name)
    return FoundNow(tuple(tables), tuple(away))


def _in_source(source: Source, held: Held) -> list[HeldRows]:
    everything = datasets_of(source)
    found = []
    with open_for_engine(source) as engine:
        predicates = predicates_of(draft_plan(engine, specs_of(everything), []), engine)
        with engine.connect() as connection:
            for dataset in filter(is_about_people, everything):
                table = predicates.table(dataset.key)
                if rows := connection.number(table.count(predicates.is_held(table, held))):
                    found.append(HeldRows(source.name, dataset.label, rows))
    return found


def _in_other_case(known: Iterable[Identifier]) -> tuple[Identifier, ...]:
    numbers = [each for each in known if each.kind == IdentifierKind.CUSTOMER_ID]
    written = {
        Identifier(each.kind, form)
        for each in numbers
        for form in (each.value.lower(), each.value.upper(), each.value.title())
    }
    return tuple(sorted(written - set(numbers), key=lambda each: each.value))
