"""Cells of CSV files that people open in a spreadsheet."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Also the wide signs, which spreadsheets of East Asia take for the narrow ones."""


def text_cell(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_STARTS_A_FORMULA) else text
