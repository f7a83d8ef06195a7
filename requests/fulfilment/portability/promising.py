"""What a letter may promise of data to take elsewhere: what was granted, less what does not go along.

Danger: a person reads that they get what the file leaves out.
Rule: the letter goes by the columns that were granted, as `choosing` goes by those that are read.
"""

from collections.abc import Iterable, Sequence
from copy import copy

from privacy.datamap.models import Dataset
from requests.deciding.found import place_of
from requests.enums import LEFT_OUT_WHOLE
from requests.fulfilment.portability.choosing import why_left_out
from requests.models import CategoryDecision


def lines_going_along(lines: Sequence[CategoryDecision]) -> list[CategoryDecision]:
    """The lines of which something goes along, each naming only the tables from which it does. Not to be saved."""
    given = [line for line in lines if line.decision not in LEFT_OUT_WHOLE]
    going, labels = _going(given)
    found = []
    for line in given:
        granted = _granted(line)
        tables = [label for place, label in labels.items() if granted.get(place, set()) & going[place]]
        if tables:
            told = copy(line)
            told.where = ", ".join(dict.fromkeys(tables))
            found.append(told)
    return found


def all_go_along(lines: Sequence[CategoryDecision]) -> bool:
    """Whether nothing that was granted stays."""
    given = [line for line in lines if line.decision not in LEFT_OUT_WHOLE]
    going, _labels = _going(given)
    return all(
        line.category and all(columns <= going.get(place, set()) for place, columns in _granted(line).items())
        for line in given
    )


def _granted(line: CategoryDecision) -> dict[str, set[str]]:
    return {place: set(columns) - set(line.left_out.get(place, ())) for place, columns in line.seen.items()}


def _going(lines: Iterable[CategoryDecision]) -> tuple[dict[str, set[str]], dict[str, str]]:
    """By place, the columns that go along; and what each table is called."""
    places = {place for line in lines for place in line.seen}
    sources = {int(place.partition("/")[0]) for place in places}
    going: dict[str, set[str]] = {}
    labels: dict[str, str] = {}
    for dataset in Dataset.objects.filter(source__in=sources).order_by("pk").prefetch_related("fields__purposes"):
        place = place_of(dataset.source_id, dataset.key)
        going[place] = {each.column for each in dataset.fields.all() if why_left_out(dataset, each) is None}
        labels[place] = dataset.label or dataset.table_name
    return going, labels
