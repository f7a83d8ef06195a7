"""The tables by which a row leads to a person, one reached from the next.

Danger: tables that are reached from each other in a circle lead to nobody, so their rows look as if they were nobody's:
no hold and no open request would spare them. Rule: a circle is refused where it is entered and confirmed, and whoever
meets one all the same plans nothing; the way is never just left out.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from privacy.datamap.errors import ChainBroken
from privacy.datamap.models import Dataset


def chain(dataset: Dataset, parent_of: Callable[[Dataset], Dataset | None]) -> list[Dataset]:
    """A dataset and all from which it is reached, in this order.

    Args:
        parent_of: tells from which one a dataset is reached directly.

    Raises:
        ChainBroken: it goes round in a circle.
    """
    found, seen = [dataset], {dataset.pk}
    while (parent := parent_of(found[-1])) is not None:
        found.append(parent)
        if parent.pk in seen:
            words = _(
                "%(table)s: “Reached from” goes round in a circle (%(way)s), so nobody can tell whose rows these are. "
                "Choose for one of these tables another one from which it is reached, or none."
            )
            way = " → ".join(each.key for each in found)
            raise ChainBroken(words % {"table": dataset.key, "way": way}, datasets=[dataset.key])
        seen.add(parent.pk)
    return found
