"""SQLite's result codes into words (sqlite.org/rescode.html).

Danger: messages quote names chosen by others, and a trigger's own words may quote a row. Rule: only the name of the
code is read from the error; of a plain SQLITE_ERROR the first words, SQLite's own, choose among sentences of ours.
"""

from privacy.datamap.engine.errors import (
    EngineError,
    SourceBusy,
    SourceLocked,
    SourceRefused,
    SourceTooSlow,
    SourceUnreachable,
)

_CHECK = "A check constraint of the source refuses the masked value; choose another mask for the column."
_EQUAL = "The mask would make rows equal that the source wants distinct; choose token, random or email."
_READ_ONLY = "The file is read-only for us; let the portal's system user write the file and its directory."
_REFUSED = {
    "SQLITE_CONSTRAINT_CHECK": _CHECK,
    "SQLITE_CONSTRAINT_DATATYPE": "The column does not take the masked value; choose another mask for the column.",
    "SQLITE_CONSTRAINT_FOREIGNKEY": (
        "Other rows in the source still refer to the rows to be deleted; add their dataset to the plan."
    ),
    "SQLITE_CONSTRAINT_NOTNULL": (
        "The source demands a value where the mask puts none; choose another mask for the column."
    ),
    "SQLITE_CONSTRAINT_PRIMARYKEY": _EQUAL,
    "SQLITE_CONSTRAINT_TRIGGER": "A trigger of the source refused the change.",
    "SQLITE_CONSTRAINT_UNIQUE": _EQUAL,
    "SQLITE_CORRUPT": "The file is damaged; have its operator check it (PRAGMA integrity_check).",
    "SQLITE_NOTADB": "This file is no SQLite database, or an encrypted one.",
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_READONLY": _READ_ONLY,
}
_FIRST_WORDS = {
    "no such table": "A table of the data map no longer exists in the source; read the source's tables again.",
    "no such column": "A column of the data map no longer exists in the source; read the source's tables again.",
    "user-defined function": "A key of a row in the source is empty, or of another type than its column is declared.",
    "no such function": "The file's own rules call functions that only its application has; they cannot run here.",
    "unsafe use of": "The file's own rules call functions that are not safe there; they cannot run here.",
}
_NO_ROOM = "The source has no room left for our work (memory or disk)."


def words_for(error: BaseException, *, doing: str) -> EngineError:
    """One of our errors for the driver's. doing: what we were about, one of connecting, reading, writing."""
    cause = getattr(error, "orig", None) or error
    code = str(getattr(cause, "sqlite_errorname", None) or "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return SourceLocked("The file was not free in time: someone else is writing it.")
    if code == "SQLITE_INTERRUPT":
        return SourceTooSlow("A statement in the source ran into its time limit.")
    if code in ("SQLITE_FULL", "SQLITE_NOMEM"):
        return SourceBusy(_NO_ROOM)
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR")):
        return SourceUnreachable("The file cannot be opened or read; check that it is there, and who may read it.")
    if code == "SQLITE_ERROR":
        said = str(cause)
        words = next((words for first, words in _FIRST_WORDS.items() if said.startswith(first)), None)
        if words is not None:
            return SourceRefused(words, sqlstate=code)
    words = _REFUSED.get(code) or _REFUSED.get("_".join(code.split("_")[:2]))
    return SourceRefused(words or f"The source refused a statement while {doing} ({code or 'unknown'}).", sqlstate=code)
