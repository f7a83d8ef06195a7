"""The test database is made once for all test processes: each takes a copy of it.

Making one runs every migration twice, for the public and for the template schema; four processes that do it at the same
time on two processors keep all tests waiting for more than a minute.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import setup_databases

NAME = "test_privacy_desk_made"


def make_test_database(*, keep: bool) -> Any:
    """A database with all migrations; what `teardown_databases` takes."""
    return setup_databases(verbosity=0, interactive=False, aliases={"default"}, keepdb=keep, serialized_aliases=())


@contextmanager
def copied_test_database(shared: Path) -> Iterator[Any]:
    """The same, copied from what the first of the processes made; that one removes it at its end.

    Args:
        shared: a folder of this run of the tests, the same for all processes.
    """
    is_maker = _make_original(shared)
    connection.settings_dict["TEST"]["TEMPLATE"] = NAME
    try:
        yield make_test_database(keep=False)
    finally:
        if is_maker:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}"')


def _make_original(shared: Path) -> bool:
    """Make the database that is copied, unless it is there. Nobody is connected to it afterwards: it could not be."""
    made = shared / "database-made"
    with (shared / "database-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.exists():
            return False
        names = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
        connection.settings_dict["TEST"]["NAME"] = NAME
        make_test_database(keep=False)
        connection.close()
        connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"] = names
        made.touch()
        return True
