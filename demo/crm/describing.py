"""Shorthand with which the catalogues of the sample databases are written down."""

from dataclasses import replace

from demo.crm.classification import Category, Column, IdentifierKind, Mask

NULL = Mask("null")
TOKEN = Mask("token")
RANDOM = Mask("random")
EMAIL = Mask("email")
PHONE = Mask("phone")
NETWORK = Mask("generalise_ip")
MONTH = Mask("generalise_date", {"to": "month"})
YEAR = Mask("generalise_date", {"to": "year"})
DELETE_ROW = Mask("delete_row")


def constant(value: str) -> Mask:
    """Replace by the same words everywhere."""
    return Mask("constant", {"value": value})


def first_characters(count: int) -> Mask:
    """Reduce a postal code to the area its first characters name."""
    return Mask("generalise_postcode", {"keep": count})


def bucket(size: int) -> Mask:
    """Reduce a number to the bucket of this size that it lies in."""
    return Mask("generalise_number", {"bucket": size})


def kept(
    name: str,
    label: str,
    category: Category,
    purpose: str,
    reason: str,
    retention: Mask | None = None,
    *,
    identifies: IdentifierKind | None = None,
) -> Column:
    """Describe a column that erasure leaves as it is, for this reason; so does retention unless it says otherwise."""
    keep = Mask("keep", reason=reason)
    return Column(name, label, category, purpose, keep, retention or keep, identifies)


def masked(
    name: str,
    label: str,
    category: Category,
    purpose: str,
    mask: Mask,
    *,
    retention: Mask | None = None,
    identifies: IdentifierKind | None = None,
) -> Column:
    """Describe a column that erasure masks; retention does the same unless it says otherwise."""
    return Column(name, label, category, purpose, mask, retention or mask, identifies)


def deleted_on_erasure(*columns: Column) -> tuple[Column, ...]:
    """Describe the columns of a table whose rows are deleted on erasure."""
    return tuple(replace(column, on_erasure=DELETE_ROW) for column in columns)


def deleted_on_retention(*columns: Column) -> tuple[Column, ...]:
    """Describe the columns of a table whose rows are deleted when their period is over."""
    return tuple(replace(column, on_retention=DELETE_ROW) for column in columns)
