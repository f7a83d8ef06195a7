"""Whether the login of a source may do what the data map asks of it, and nothing beyond.

A login that may do more than it needs makes every mistake of ours, and every theft of its password, worse than it has
to be (ISO/IEC 27002, 8.2 and 8.18: privileged rights are kept to what is needed).
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from privacy.datamap.engine.catalog import Catalog, Power, Table
from privacy.datamap.engine.introspect import Finding
from privacy.datamap.models import Action, Dataset, Strategy

SHOWN_PLACES = 3
EVERYTHING = frozenset({"SUPERUSER", "SUPER"})
"""Rights beside which nothing else needs to be said."""


def missing_for(dataset: Dataset, table: Table) -> list[str]:
    """Rights that the data map's word on a dataset needs and our login lacks.

    A rule that deletes needs more than the map says; it is told so when it is planned.
    """
    fields = [each for each in dataset.fields.all() if each.vanished_at is None]
    masked = {each.column for each in fields if each.on_retention != Strategy.KEEP}
    if dataset.on_erasure == Action.MASK:
        masked |= {each.column for each in fields if each.on_erasure != Strategy.KEEP}
    needs = {
        "SELECT": {each.column for each in fields} <= table.privileges.select,
        "UPDATE": masked <= table.privileges.update,
        "DELETE": dataset.on_erasure != Action.DELETE or table.privileges.delete,
    }
    return [right for right, granted in needs.items() if not granted]


def excessive(catalog: Catalog, mapped: Iterable[str] | None = None) -> list[str]:
    """What our login may do beyond reading, rewriting and deleting rows, in words, each with a few places.

    Args:
        mapped: tables in the data map (`schema.table`): rights to change rows of others count as well. None: not known.
    """
    return [_in_words(power) for power in (*catalog.powers, *_outside(catalog, mapped))]


def excessive_rights(catalog: Catalog) -> list[Finding]:
    """The same for the report on a source that was just tried."""
    names = excessive(catalog)
    remedy = _(
        "Give Privacy Desk a login of its own with USAGE on the schema and SELECT, UPDATE, DELETE on its tables."
    )
    return [Finding("excessive_rights", "", "; ".join(names), remedy)] if names else []


def _outside(catalog: Catalog, mapped: Iterable[str] | None) -> Iterator[Power]:
    if mapped is None or any(power.right in EVERYTHING for power in catalog.powers):
        return
    known = set(mapped)
    for right in ("UPDATE", "DELETE"):
        places = [each.full_name for each in catalog.tables if each.full_name not in known and _may(each, right)]
        if places:
            yield Power(_("%(right)s outside the data map") % {"right": right}, tuple(places))


def _may(table: Table, right: str) -> bool:
    if table.kind != "table":
        return False
    return table.privileges.delete if right == "DELETE" else bool(table.privileges.update)


def _in_words(power: Power) -> str:
    if not power.places:
        return power.right
    shown, more = ", ".join(power.places[:SHOWN_PLACES]), len(power.places) - SHOWN_PLACES
    if more > 0:
        return _("%(right)s (%(places)s and %(n)d more)") % {"right": power.right, "places": shown, "n": more}
    return f"{power.right} ({shown})"
