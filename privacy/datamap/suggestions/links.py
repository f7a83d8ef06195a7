"""By which foreign key a row probably belongs to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from privacy.datamap.suggestions.names import STAFF_WORDS, snake


@dataclass(frozen=True)
class Key:
    """A foreign key between datasets, by their keys (`schema.table`)."""

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """The foreign key suggested as the way to the person; None with a reason when it must be chosen by hand."""

    key: Key | None
    reason: str


def suggest_links(keys: Mapping[str, Sequence[Key]], named: set[str]) -> dict[str, Link]:
    """For each dataset that names nobody itself, the way to one that does.

    Args:
        keys: the foreign keys of every dataset.
        named: datasets with an identifying column.

    Returns:
        Only datasets from which a person can be reached.
    """
    distance = dict.fromkeys(named, 0)
    links: dict[str, Link] = {}
    for step in range(1, len(keys) + 1):
        found = {name: link for name in keys if name not in distance and (link := _choose(keys[name], distance))}
        if not found:
            break
        links |= found
        distance |= {name: step for name, link in found.items() if link.key is not None}
        if not any(link.key is not None for link in found.values()):
            break
    return links


def _choose(keys: Sequence[Key], distance: Mapping[str, int]) -> Link | None:
    leading = [key for key in keys if key.to in distance]
    if not leading:
        return None
    about = [key for key in leading if not _speaks_of_staff(key)]
    if not about:
        return Link(None, _("its keys lead only to those who handle it; choose by hand whether it is about them"))
    if len(about) > 1:
        names = ", ".join("+".join(key.columns) for key in about)
        return Link(None, _("several keys lead to a person (%(names)s); choose one") % {"names": names})
    key = about[0]
    return Link(key, _("%(columns)s leads to %(table)s") % {"columns": "+".join(key.columns), "table": key.to})


def _speaks_of_staff(key: Key) -> bool:
    words = [*key.columns, key.to.rpartition(".")[2]]
    return any(STAFF_WORDS.search(snake(word)) for word in words)
