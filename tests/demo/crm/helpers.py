"""Questions that several tests ask a sample database."""

from typing import Any

import psycopg
from psycopg import sql

from demo.crm.loading import Sample


def one(connection: psycopg.Connection, query: str, *parameters: Any) -> Any:
    """Give the single value of the single row that the query must find."""
    ((value,),) = connection.execute(query, parameters).fetchall()
    return value


def rows(connection: psycopg.Connection, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return connection.execute(query, parameters).fetchall()


def fingerprints(dsn: str, sample: Sample) -> dict[str, str]:
    """Give a digest of the whole content of each table."""
    found = {}
    with psycopg.connect(dsn) as connection:
        for table in sample.tables:
            query = sql.SQL("SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {} t")
            found[table] = one(connection, query.format(sql.Identifier(sample.schema, table)).as_string(connection))
    return found
