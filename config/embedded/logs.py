"""The servers' own logs."""

from pathlib import Path

LONGEST_LOG = 10 * 2**20  # bytes


def touch(path: Path) -> Path:
    """The file, made readable for its owner alone when it is new."""
    path.touch(mode=0o600)
    return path


def end_of(log: Path) -> str:
    """The last lines of a log, for error messages."""
    return f"The end of {log}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def fresh(log: Path) -> Path:
    """The log to write to: one that has grown long is put aside, and the one put aside before is forgotten."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    return touch(log)
