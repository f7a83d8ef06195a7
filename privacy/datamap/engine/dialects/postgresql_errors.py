"""SQLSTATE into words (PostgreSQL documentation, appendix A).

Danger: the driver's message and DETAIL quote rows. Rule: only the SQLSTATE and the names of table, column and
constraint are read from the error.
"""

from privacy.datamap.engine.errors import (
    EngineError,
    SourceBusy,
    SourceLocked,
    SourceRefused,
    SourceTooSlow,
    SourceUnreachable,
)

_BUSY: dict[str, type[SourceBusy]] = {"55P03": SourceLocked, "57014": SourceTooSlow}
_BUSY_WORDS = {
    "55P03": "A lock in the source was not granted in time: someone else is writing the same rows.",
    "57014": "A statement in the source ran into its time limit.",
    "40P01": "The source broke a deadlock with other work.",
    "40001": "The source could not order our work with that of others.",
}
_REFUSED = {
    "28000": "The source does not accept our login; check user name and password.",
    "28P01": "The source does not accept our login; check user name and password.",
    "3D000": "The source has no database of that name.",
    "42501": "Our login lacks a privilege in the source; grant it, or take the table or column out of the data map.",
    "42P01": "A table of the data map no longer exists in the source; read the source's tables again.",
    "42703": "A column of the data map no longer exists in the source; read the source's tables again.",
    "25006": "The source is read-only; connect to its primary server.",
    "23502": "The source demands a value where the mask puts none; choose another mask for the column.",
    "23503": "Other rows in the source still refer to the rows to be deleted; add their dataset to the plan.",
    "23505": "The mask would make rows equal that the source wants distinct; choose token, random or email.",
    "23514": "A check constraint of the source refuses the masked value; choose another mask for the column.",
    "22001": "The masked value is too long for its column; choose another mask for the column.",
}


def words_for(error: BaseException, *, doing: str) -> EngineError:
    """One of our errors for the driver's. doing: what we were about, one of connecting, reading, writing."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or ""
    if not state and getattr(error, "connection_invalidated", False):
        return SourceUnreachable(f"The connection to the source broke while {doing}.")
    if state[:2] == "08" or state in ("57P01", "57P02", "57P03", "57P05"):
        return SourceUnreachable(f"The connection to the source broke while {doing}.")
    if not state and doing == "connecting":
        return SourceUnreachable("The source cannot be reached; check that it runs, its address, and our login.")
    if not state and type(cause).__name__ == "OperationalError":
        return SourceUnreachable(f"The connection to the source broke while {doing}.")
    if state in _BUSY_WORDS:
        return _BUSY.get(state, SourceBusy)(_BUSY_WORDS[state])
    if state[:2] == "53":
        return SourceBusy("The source has no room left for our work (connections, memory or disk).")
    words = _REFUSED.get(state, f"The source refused a statement while {doing} (SQLSTATE {state or 'unknown'}).")
    return SourceRefused(words + _objects(cause), sqlstate=state)


def _objects(cause: BaseException) -> str:
    """Names of schema objects the server attached to the error; never values."""
    diag = getattr(cause, "diag", None)
    named = [
        f"{label} {value}"
        for label, value in (
            ("table", getattr(diag, "table_name", None)),
            ("column", getattr(diag, "column_name", None)),
            ("constraint", getattr(diag, "constraint_name", None)),
        )
        if value
    ]
    return f" ({', '.join(named)})" if named else ""
