"""A second connection to the test database, for tests of what two clients see."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from privacy.tenants.models import Organisation
from privacy.tenants.names import role_name_for


@contextmanager
def second_connection(organisation: Organisation) -> Iterator[psycopg.Connection]:
    """A plain psycopg connection in autocommit, in the organisation's schema and role."""
    parameters = connection.get_connection_params()
    arguments = {
        name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)
    }
    with psycopg.connect(**arguments, autocommit=True) as other:
        other.execute(f'SET search_path = "{organisation.schema_name}", public')
        other.execute(f'SET ROLE "{role_name_for(parameters["dbname"], organisation.schema_name)}"')
        yield other
