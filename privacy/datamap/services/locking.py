"""Whoever changes the datasets of a source locks the source first, in the transaction that changes them.

Danger: an officer confirms tables while a worker reads the source again; each holds a row that the other waits for, and
the database ends one of them. Rule: the source before any of its datasets, fields and findings; sources by number.
"""

from collections.abc import Iterable

from privacy.datamap.models import Source


def lock_sources(source_ids: Iterable[int]) -> list[Source]:
    """The sources as they are now, locked until the end of the transaction."""
    return list(Source.objects.select_for_update().filter(pk__in=set(source_ids)).order_by("pk"))
