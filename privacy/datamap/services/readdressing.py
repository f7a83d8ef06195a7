"""Giving a source another address: its password was changed, its login, its host.

Danger: the new address leads to another database, and what was planned and confirmed for one is done to the rows of the
other. Rule: it is the same product, and has every table of the data map with the primary key that it had; a database
that is another is connected as another source.
Danger: another server numbers its transactions anew, and is asked what became of one of the old server's. Rule: higher
rooms are told of a move, and forget such numbers.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.addresses import checked_address, is_elsewhere
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.errors import SourceNotUsable
from privacy.datamap.models import Dataset, Source, SourceKind
from privacy.datamap.services.connecting import kind_of, read_address
from privacy.ledger.actors import Actor
from privacy.ledger.services import record

SHOWN_TABLES = 5
_WITH_ADDRESS = frozenset({SourceKind.POSTGRESQL, SourceKind.MYSQL, SourceKind.SQLITE})


Listener = Callable[[Source], None]

_listeners: list[Listener] = []


def register_move(function: Listener) -> None:
    """Have a function told, in the transaction, when a source is from now on on another server or in another file."""
    if function not in _listeners:
        _listeners.append(function)


def has_address(source: Source) -> bool:
    """Whether a source is a database that was given to us by its address."""
    return source.kind in _WITH_ADDRESS


def change_address(*, source: Source, address: str, actor: Actor) -> Source:
    """Reach a source by another address from now on, after trying it. Runs that wait for it go on by themselves.

    Args:
        address: as for `connect_source`; stored encrypted, never shown again.

    Raises:
        AddressRefused: the address is none that a source may have.
        SourceNotUsable: nobody answers there, or it is not the same database; says which tables are not there.
    """
    stored = checked_address(address)
    if not has_address(source) or kind_of(stored) != source.kind:
        message = _("This address is of another kind of database. Connect it as a source of its own.")
        raise SourceNotUsable(message, code="source_other_kind")
    catalog = read_address(stored)
    _check_tables(source, catalog)
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        is_moved = is_elsewhere(locked.address, stored)
        locked.address, locked.server_version, locked.problem = stored, catalog.version[:40], ""
        locked.last_seen_at = timezone.now()
        locked.save(update_fields=["address", "server_version", "problem", "last_seen_at"])
        record(action="source.address_changed", actor=actor, target=locked)
        if is_moved:
            for function in _listeners:
                function(locked)
    return locked


def _check_tables(source: Source, catalog: Catalog) -> None:
    there = {table.full_name: tuple(table.primary_key) for table in catalog.tables}
    known = source.datasets.filter(vanished_at__isnull=True)
    if other := sorted(each.key for each in known if not _is_same(each, there)):
        shown = ", ".join(other[:SHOWN_TABLES])
        message = _(
            "The tables of the data map are not there, or the login may not see them: %(tables)s. For another "
            "database connect another source."
        )
        raise SourceNotUsable(message % {"tables": shown}, code="source_other_database")


def _is_same(dataset: Dataset, there: dict[str, tuple[str, ...]]) -> bool:
    return there.get(dataset.key) == tuple(dataset.primary_key)
