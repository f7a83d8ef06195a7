"""Whether somebody was erased. The fingerprints are kept by a higher room, which registers how to ask for them.

Danger: a restored backup or an import brought an erased person back into a source, and they are written to.
Rule: whoever takes addresses out of a source asks here first. While nobody has registered an answer it is an error, not
a no.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from privacy.subjects.crypto import index_as_written
from privacy.subjects.identifiers import written_forms

Name = tuple[str, bytes]
"""Kind of an identifier, and its keyed index."""

Lookup = Callable[[Collection[Name]], Mapping[Name, datetime]]

_lookups: list[Lookup] = []


def names_of(kind: str, index: bytes, value: str) -> set[Name]:
    """Under what somebody with an identifier may have been erased.

    Customer numbers were once told apart letter by letter; what was sealed then stands. A value that is in normal form
    by now was written in any of its forms.
    """
    return {(kind, index), *((kind, index_as_written(kind, form)) for form in written_forms(kind, value))}


def register_erased_lookup(lookup: Lookup) -> None:
    """Register what answers which of many identifiers were erased, and when last, in a fixed number of statements."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def erased_among(names: Collection[Name]) -> dict[Name, datetime]:
    """Those of the identifiers whose person was erased at any time, and when that was done last.

    Raises:
        LookupError: nobody has registered who was.
    """
    if not _lookups:
        raise LookupError("nobody can say who was erased")
    found: dict[Name, datetime] = {}
    for lookup in _lookups:
        for name, moment in lookup(names).items():
            found[name] = max(moment, found.get(name, moment))
    return found
