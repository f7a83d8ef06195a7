"""Filters of lists in the words of what is listed."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import EmptyFieldListFilter
from django.utils.functional import Promise


def filled_or_not(filled: str | Promise, empty: str | Promise) -> type[EmptyFieldListFilter]:
    """A filter by whether a field is filled, said in words: Django's own speaks of “Empty” and “Not empty”."""
    words = {"0": filled, "1": empty}

    class FilledOrNot(EmptyFieldListFilter):
        def choices(self, changelist: Any) -> Iterator[Any]:
            for value, choice in zip((None, "1", "0"), super().choices(changelist), strict=True):
                yield {**choice, "display": words[value]} if value else choice

    return FilledOrNot
