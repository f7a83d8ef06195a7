"""Which columns hold text, by the type as the source declares it. Text may name people, whatever a column is called."""

_BEGINNINGS = ("text", "character", "varchar", "char", "citext", "name", "json", "xml", "longtext", "mediumtext")


def is_text(declared_type: str) -> bool:
    """Whether a column of this type can hold words."""
    return declared_type.lower().startswith(_BEGINNINGS)
