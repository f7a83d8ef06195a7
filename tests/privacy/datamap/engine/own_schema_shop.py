"""The shop as the portal keeps its own tables: one schema of a database, worked on as a role of that schema alone."""

from psycopg import sql

from privacy.datamap.engine.dialects.postgresql_schema import OneSchema
from privacy.datamap.engine.source import Source, open_source
from tests.privacy.datamap.engine.shop import PostgresShop


class OwnSchemaShop(PostgresShop):
    """The role may do what an organisation's role may in its own schema (privacy.tenants.privileges), and no more."""

    @property
    def role(self) -> str:
        return f"{self.schema}_role"

    def open(self, mask_key: bytes) -> Source:
        return open_source(self.url, mask_key=mask_key, dialect=OneSchema(schema=self.schema, role=self.role))

    def create(self) -> None:
        super().create()
        for statement in (
            "CREATE ROLE {role} NOLOGIN",
            "GRANT USAGE ON SCHEMA {schema} TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        ):
            self._execute(statement)

    def drop(self) -> None:
        self._execute("DROP OWNED BY {role}")
        self._execute("DROP ROLE {role}")
        super().drop()

    def _execute(self, statement: str) -> None:
        names = {"role": sql.Identifier(self.role), "schema": sql.Identifier(self.schema)}
        self._connection.execute(sql.SQL(statement).format(**names))
