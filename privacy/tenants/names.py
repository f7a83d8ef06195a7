"""Names of schemas and PostgreSQL roles.

Roles belong to the whole PostgreSQL cluster, schemas to one database; so a role carries the name of its database.
PostgreSQL cuts identifiers at 63 bytes without a word, hence the limits.
"""

import re

PUBLIC_SCHEMA = "public"
TEMPLATE_SCHEMA = "organisation_template"
MAX_SCHEMA_LENGTH = 30
MAX_DATABASE_LENGTH = 32

_SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")
_RESERVED = {PUBLIC_SCHEMA, TEMPLATE_SCHEMA, "information_schema", "organisations"}


def is_organisation_schema(name: str) -> bool:
    """Whether `name` may be the schema of an organisation."""
    return bool(_SCHEMA_NAME.match(name)) and name not in _RESERVED and not name.startswith("pg_")


def schema_name_for(slug: str) -> str:
    """Schema name for an organisation's slug (`back-office` becomes `back_office`)."""
    return slug.replace("-", "_")


def role_name_for(database: str, schema_name: str) -> str:
    """The PostgreSQL role that may touch this schema, and no other.

    Raises:
        ValueError: the names are too long for one PostgreSQL identifier.
    """
    if len(database) > MAX_DATABASE_LENGTH:
        raise ValueError(f"database name is longer than {MAX_DATABASE_LENGTH} characters; choose a shorter one")
    if not is_organisation_schema(schema_name):
        raise ValueError("not the schema of an organisation")
    return f"{database}_{schema_name}"


def shared_role_name_for(database: str) -> str:
    """The role that holds what every organisation's role may do in the public schema."""
    return f"{database}_organisations"
