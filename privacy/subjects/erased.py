"""Whether somebody was erased. The fingerprints are kept by a higher room, which registers how to ask for them.

Danger: a restored backup or an import brought an erased person back into a source, and they are written to.
Rule: whoever takes addresses out of a source asks here first. While nobody has registered an answer it is an error, not
a no.
"""

from collections.abc import Callable, Collection

Name = tuple[str, bytes]
"""Kind of an identifier, and its keyed index."""

Lookup = Callable[[Collection[Name]], set[Name]]

_lookups: list[Lookup] = []


def register_erased_lookup(lookup: Lookup) -> None:
    """Register what answers which of many identifiers were erased at any time, in a fixed number of statements."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def erased_among(names: Collection[Name]) -> set[Name]:
    """Those of the identifiers whose person was erased.

    Raises:
        LookupError: nobody has registered who was.
    """
    if not _lookups:
        raise LookupError("nobody can say who was erased")
    return set().union(*(lookup(names) for lookup in _lookups))
