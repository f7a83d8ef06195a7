"""Django's default connection, typed as what it is here: our own backend, which knows schemas and roles."""

from typing import TYPE_CHECKING, cast

from django.db import connection as _connection

if TYPE_CHECKING:
    from privacy.tenants.backend.base import DatabaseWrapper

connection = cast("DatabaseWrapper", _connection)
