"""Cells of CSV files that people open in a spreadsheet."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_STARTS_A_FORMULA) else text
