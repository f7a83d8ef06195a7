"""Secrets that nobody chose: made once for the demo and for tests, or printed for a production environment.

Danger: who loses this file loses everything that was encrypted with it, and who reads it can decrypt all of it. So it
has mode 0600 before a byte is written, is replaced atomically, never shortened, and two processes that start at once
end with the same secrets (one waits for the other). Production never reads it: there a missing secret is an error.
"""

import base64
import fcntl
import os
import secrets
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from dotenv import dotenv_values


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


RECIPES: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "PRIVACY_DESK_KEYS": lambda: f"k1:{_key()}",
    "PRIVACY_DESK_INDEX_KEY": _key,
    "PRIVACY_DESK_LEDGER_KEY": _key,
    "PRIVACY_DESK_SIGNING_KEY": _key,
}


def kept_in(path: Path) -> dict[str, str]:
    """The secrets in this file by variable name; those it lacks are made and added to it first.

    Raises PermissionError when the file belongs to somebody else and OSError when it cannot be written.
    """
    known = _read(path)
    if set(RECIPES) <= set(known):
        return known
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = _read(path)
        missing = {name: recipe() for name, recipe in RECIPES.items() if name not in known}
        if missing:
            known = {**known, **missing}
            _replace(path, known)
    return known


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        path.chmod(0o600)
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}


def _replace(path: Path, values: dict[str, str]) -> None:
    text = "# Generated once. Without these values the data beside this file cannot be read.\n"
    text += "".join(f"{name}={value}\n" for name, value in values.items())
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}={recipe()}\n" for name, recipe in RECIPES.items()))
