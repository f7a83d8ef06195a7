"""Trying an address before it becomes a source: is it reached, which version, has the login what it needs, or more?

Nothing is stored and nothing is changed.
"""

import hashlib
from dataclasses import dataclass

import rfc8785

from privacy.datamap.addresses import checked_address, is_mysql, is_sqlite
from privacy.datamap.grants import grants_for, own_login
from privacy.datamap.rights import excessive
from privacy.datamap.services.connecting import missing_on, read_address


@dataclass(frozen=True)
class Trial:
    """What an address is like.

    readable: tables of which the login may read something. missing: rights lacking, by table; they matter where the
    table has personal data. excessive: what the login may do beyond its work. grants, own_login: statements that put it
    right, for whoever runs the database; empty for a file, which knows no logins.
    """

    version: str
    tables: int
    readable: int
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    excessive: tuple[str, ...]
    grants: str
    own_login: str

    @property
    def fits(self) -> bool:
        """Whether the rights are what is needed, neither less nor more."""
        return not self.missing and not self.excessive

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over what an officer has to accept: whoever accepts one state accepts no other."""
        missing = [[table, list(rights)] for table, rights in self.missing]
        return hashlib.sha256(rfc8785.dumps({"missing": missing, "excessive": list(self.excessive)})).hexdigest()


def try_address(*, address: str) -> Trial:
    """Reach a database and look at the rights of the login.

    Raises:
        AddressRefused: the address is none that a source may have.
        SourceNotUsable: nobody answers there, or the login is refused.
    """
    stored = checked_address(address)
    catalog = read_address(stored)
    tables = [table for table in catalog.tables if table.kind == "table"]
    missing = {table.full_name: tuple(missing_on(table)) for table in tables if missing_on(table)}
    if is_sqlite(stored):
        grants = login = ""
    else:
        grants = grants_for(catalog, missing, mysql=is_mysql(stored))
        login = own_login(catalog, mysql=is_mysql(stored))
    return Trial(
        version=catalog.version,
        tables=len(tables),
        readable=sum(bool(table.privileges.select) for table in catalog.tables),
        missing=tuple(missing.items()),
        excessive=tuple(excessive(catalog)),
        grants=grants,
        own_login=login,
    )
