"""Connecting sources and asking how they are. The network is used before, never inside, the portal's transaction."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.addresses import checked_address, is_mysql, is_sqlite
from privacy.datamap.engine.catalog import Catalog, Table
from privacy.datamap.engine.errors import EngineError, SourceRefused, SourceUnreachable, UnsupportedSource
from privacy.datamap.engine.introspect import Finding, findings, read_catalog
from privacy.datamap.errors import SourceNameTaken, SourceNotUsable
from privacy.datamap.models import Source, SourceKind
from privacy.datamap.opening import open_address, open_for_engine
from privacy.datamap.rights import excessive_rights
from privacy.ledger.actors import Actor
from privacy.ledger.services import record


@dataclass(frozen=True)
class SourceReport:
    """What a source says of itself. `problem` is a code, empty when all is well."""

    reachable: bool
    version: str = ""
    tables: int = 0
    findings: tuple[Finding, ...] = ()
    problem: str = ""


def connect_source(*, name: str, address: str, actor: Actor) -> Source:
    """Add a database as a source, after trying it.

    Args:
        name: how officers call it; unique.
        address: postgresql:// or mysql://login:password@host:port/database, or sqlite:/// and the whole path of a file
            in a directory of this organisation. Stored encrypted, never shown again.

    Raises:
        AddressRefused: the address is none that a source may have.
        SourceNotUsable: nobody answers there, the login is refused, it sees no table, or the file cannot be written.
        SourceNameTaken: another source has this name.
    """
    stored = checked_address(address)
    catalog = read_address(stored)
    if not any(table.privileges.select for table in catalog.tables):
        message = _("The login sees no table. Grant it USAGE on the schema and SELECT, UPDATE, DELETE on its tables.")
        raise SourceNotUsable(message, code="no_tables")
    try:
        with transaction.atomic():
            source = Source.objects.create(
                name=name.strip(),
                kind=kind_of(stored),
                address=stored,
                last_seen_at=timezone.now(),
                server_version=catalog.version[:40],
            )
            record(action="source.connected", actor=actor, target=source, data={"tables": len(catalog.tables)})
    except IntegrityError:
        raise SourceNameTaken from None
    return source


def check_source(*, source: Source) -> SourceReport:
    """Ask a source how it is, and remember the answer: reachable, version, rights of our login, findings."""
    try:
        with open_for_engine(source) as engine:
            catalog = read_catalog(engine)
    except EngineError as error:
        code = problem_code(error)
        Source.objects.filter(pk=source.pk).update(problem=code)
        source.problem = code
        return SourceReport(reachable=not isinstance(error, SourceUnreachable), problem=code)
    source.last_seen_at, source.server_version, source.problem = timezone.now(), catalog.version[:40], ""
    source.save(update_fields=["last_seen_at", "server_version", "problem"])
    if source.kind == SourceKind.PORTAL:  # its tables and rights are the portal's own matter
        return SourceReport(True, catalog.version, len(catalog.tables))
    found = (*findings(catalog), *_missing_rights(catalog), *excessive_rights(catalog))
    return SourceReport(True, catalog.version, len(catalog.tables), found)


def problem_code(error: EngineError) -> str:
    """The code under which an error of the engine is kept and explained."""
    if isinstance(error, SourceUnreachable):
        return "source_unreachable"
    if isinstance(error, UnsupportedSource):
        return "source_unsupported"
    if isinstance(error, SourceRefused):
        return "source_refused"
    return "source_busy" if error.retryable else "source_problem"


def kind_of(address: str) -> SourceKind:
    """Which product a checked address is of."""
    if is_sqlite(address):
        return SourceKind.SQLITE
    return SourceKind.MYSQL if is_mysql(address) else SourceKind.POSTGRESQL


def read_address(address: str) -> Catalog:
    """The catalogue of a database under a checked address.

    Raises:
        SourceNotUsable: nobody answers there, the login is refused, or it is a file that cannot be written.
    """
    try:
        with open_address(address) as engine:
            catalog = read_catalog(engine)
    except SourceUnreachable:
        message = _("Nobody answers at this address, or the login and password are wrong. Check them and try again.")
        raise SourceNotUsable(message, code="source_unreachable") from None
    except EngineError as error:
        raise SourceNotUsable(str(error), code=problem_code(error)) from None
    if is_sqlite(address) and catalog.tables and not any(table.privileges.delete for table in catalog.tables):
        message = _("The file is read-only for the portal. Let its system user write the file and its directory.")
        raise SourceNotUsable(message, code="source_read_only")
    return catalog


def _missing_rights(catalog: Catalog) -> list[Finding]:
    found = []
    for table in filter(lambda table: table.kind == "table", catalog.tables):
        if missing := missing_on(table):
            remedy = f"GRANT {', '.join(missing)} ON {table.full_name} TO …;"
            found.append(Finding("missing_rights", table.full_name, ", ".join(missing), remedy))
    return found


def missing_on(table: Table) -> list[str]:
    """Rights that our login lacks on a table, if it holds personal data."""
    every = {column.name for column in table.columns}
    rights = {
        "SELECT": table.privileges.select == every,
        "UPDATE": bool(table.privileges.update),
        "DELETE": table.privileges.delete,
    }
    return [name for name, granted in rights.items() if not granted]
