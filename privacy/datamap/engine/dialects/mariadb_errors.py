"""Error numbers into words (MariaDB documentation, "MariaDB Error Codes").

Danger: the driver's message quotes rows ("Duplicate entry 'ama@...'") and pieces of the statement. Rule: only the
number is read from the error.
"""

from privacy.datamap.engine.errors import (
    EngineError,
    SourceBusy,
    SourceLocked,
    SourceRefused,
    SourceTooSlow,
    SourceUnreachable,
)

_LOCKED = "A lock in the source was not granted in time: someone else is writing the same rows."
_SLOW = "A statement in the source ran into its time limit."
_BUSY: dict[int, SourceBusy] = {
    1205: SourceLocked(_LOCKED),
    1969: SourceTooSlow(_SLOW),
    3024: SourceTooSlow(_SLOW),
    1213: SourceBusy("The source broke a deadlock with other work."),
    1614: SourceBusy("The source broke a deadlock with other work."),
    1020: SourceBusy("The source could not order our work with that of others."),
    1317: SourceBusy("An operator of the source stopped a statement of ours."),
    **dict.fromkeys(
        (1021, 1037, 1040, 1041, 1114, 1203, 1206, 1226),
        SourceBusy("The source has no room left for our work (connections, memory or disk)."),
    ),
}
_BROKEN = frozenset({0, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 2014, 2055, 4031})
_NOBODY = frozenset({2002, 2003, 2005, 2026})
_LOGIN = "The source does not accept our login; check user name and password."
_PRIVILEGE = "Our login lacks a privilege in the source; grant it, or take the table or column out of the data map."
_READ_ONLY = "The source is read-only; connect to its primary server."
_CHECK = "A check constraint of the source refuses the masked value; choose another mask for the column."
_REFERRED = "Other rows in the source still refer to the rows to be deleted; add their dataset to the plan."
_NO_VALUE = "The column does not take the masked value; choose another mask for the column."
_REFUSED = {
    1045: _LOGIN,
    1698: _LOGIN,
    1862: _LOGIN,
    1044: _PRIVILEGE,
    1142: _PRIVILEGE,
    1143: _PRIVILEGE,
    1227: _PRIVILEGE,
    1370: _PRIVILEGE,
    1401: "Our login may not finish transactions that wait for their second phase (MySQL: grant XA_RECOVER_ADMIN).",
    1049: "The source has no database of that name.",
    1146: "A table of the data map no longer exists in the source; read the source's tables again.",
    1054: "A column of the data map no longer exists in the source; read the source's tables again.",
    1290: _READ_ONLY,
    1792: _READ_ONLY,
    1836: _READ_ONLY,
    1048: "The source demands a value where the mask puts none; choose another mask for the column.",
    1451: _REFERRED,
    1217: _REFERRED,
    1062: "The mask would make rows equal that the source wants distinct; choose token, random or email.",
    3819: _CHECK,
    4025: _CHECK,
    1406: "The masked value is too long for its column; choose another mask for the column.",
    1264: _NO_VALUE,
    1265: _NO_VALUE,
    1292: _NO_VALUE,
    1366: _NO_VALUE,
    1267: "Two columns of a path have collations that the source does not compare; give them the same one.",
    1644: "A trigger of the source refused the change.",
    1665: "The source logs whole statements and takes no changes of ours so; set its binlog_format to MIXED or ROW.",
}


def words_for(error: BaseException, *, doing: str) -> EngineError:
    """One of our errors for the driver's. doing: what we were about, one of connecting, reading, writing."""
    cause = getattr(error, "orig", None) or error
    number = next((each for each in getattr(cause, "args", ()) if isinstance(each, int)), None)
    if number in _NOBODY:
        return SourceUnreachable("The source cannot be reached; check that it runs, its address, and our login.")
    if number in _BROKEN or getattr(error, "connection_invalidated", False):
        return SourceUnreachable(f"The connection to the source broke while {doing}.")
    if number in _BUSY:
        return type(_BUSY[number])(str(_BUSY[number]))
    words = _REFUSED.get(number or -1, f"The source refused a statement while {doing} (error {number or 'unknown'}).")
    return SourceRefused(words, sqlstate=str(number or ""))
