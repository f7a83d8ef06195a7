"""Which columns hold text, by the type as the source declares it. Text may name people, whatever a column is called."""

_BEGINNINGS = (
    "text", "char", "varchar", "citext", "name", "json", "xml", "tinytext", "mediumtext", "longtext", "nchar",
    "nvarchar", "national char", "national varchar", "native char", "varying char", "clob",
)  # fmt: skip


def is_text(declared_type: str) -> bool:
    """Whether a column of this type can hold words."""
    return declared_type.lower().startswith(_BEGINNINGS)
