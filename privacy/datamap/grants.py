"""The statements by which whoever runs a database gives our login what it needs, and not more.

Statements are shown to be copied, so every name in them is quoted as the product quotes it.
"""

from collections.abc import Iterable, Mapping

from privacy.datamap.engine.catalog import Catalog, Table

NEW_LOGIN = "privacy_desk"
NEEDED = ("SELECT", "UPDATE", "DELETE")


def grants_for(catalog: Catalog, missing: Mapping[str, Iterable[str]], *, mysql: bool) -> str:
    """What gives the login in use the rights that it lacks.

    Args:
        missing: by table (`schema.table`), the rights lacking there.
    """
    lacking = [(table, tuple(missing[table.full_name])) for table in catalog.tables if missing.get(table.full_name)]
    schemas = dict.fromkeys(table.schema for table, _rights in lacking)
    usage = [] if mysql else [f"GRANT USAGE ON SCHEMA {_q(catalog, each)} TO {catalog.login};" for each in schemas]
    tables = [f"GRANT {', '.join(rights)} ON {_name(catalog, each)} TO {catalog.login};" for each, rights in lacking]
    return "\n".join([*usage, *tables])


def own_login(catalog: Catalog, *, mysql: bool) -> str:
    """A login of its own that may do what is needed in this database and nothing else. The password is left to them."""
    if mysql:
        login = f"'{NEW_LOGIN}'@'%'"
        return "\n".join([
            f"CREATE USER {login} IDENTIFIED BY 'choose a password';",
            f"GRANT {', '.join(NEEDED)} ON {catalog.database}.* TO {login};",
        ])  # fmt: skip
    schemas = dict.fromkeys(table.schema for table in catalog.tables if table.kind == "table")
    lines = [
        f"CREATE ROLE {NEW_LOGIN} LOGIN PASSWORD 'choose a password';",
        f"GRANT CONNECT ON DATABASE {catalog.database} TO {NEW_LOGIN};",
    ]
    for schema in schemas:
        lines.append(f"GRANT USAGE ON SCHEMA {_q(catalog, schema)} TO {NEW_LOGIN};")
        lines.append(f"GRANT {', '.join(NEEDED)} ON ALL TABLES IN SCHEMA {_q(catalog, schema)} TO {NEW_LOGIN};")
    return "\n".join(lines)


def _q(catalog: Catalog, name: str) -> str:
    return catalog.add_index.quoted(name)


def _name(catalog: Catalog, table: Table) -> str:
    return f"{_q(catalog, table.schema)}.{_q(catalog, table.name)}"
