"""Where ready-made rules fit: every table and column that a rule names is found, by name, in one schema of one source.

Danger: a rule lands on a table that only happens to have the name. Rule: all its tables, ways and columns must be there
and confirmed by an officer; it is added switched off, with the sentence shown; and its first run has a second officer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from privacy.datamap.models import Dataset, Source, SourceKind
from retention.importing import fill_minimum, fill_rule, name_for, own_targets
from retention.models import Minimum, Rule
from retention.ready_made.described import RetentionRule, RuleTemplate, Target
from retention.ready_made.needing import needs, together
from retention.wording import in_words, minimum_in_words

_LONGEST_NAME = 150


@dataclass(frozen=True)
class Place:
    """One schema of one source, with its datasets by the names of their tables."""

    source: Source
    schema: str
    datasets: Mapping[str, Dataset]

    def lacks(self, needed: Mapping[str, set[str]]) -> list[str]:
        """The tables, and the columns of tables that are there, which it does not have."""
        found = []
        for table, columns in needed.items():
            dataset = self.datasets.get(table)
            if dataset is None:
                found.append(table)
                continue
            there = {each.column for each in dataset.fields.all() if each.vanished_at is None}
            found += [f"{table}.{column}" for column in sorted(columns - there)]
        return found


@dataclass(frozen=True)
class Offer:
    """One rule or minimum as it would be in one place. `key` names it in a form.

    known: it is there already; `words` are then its own, for officers may have changed it. similar: other rules count
    from the same date of the same rows. unconfirmed: datasets that an officer has to confirm first.
    """

    key: str
    draft: Rule | Minimum
    along: tuple[Dataset, ...]
    words: str
    place: Place
    known: Rule | Minimum | None
    similar: tuple[Rule, ...]
    unconfirmed: tuple[Dataset, ...]

    @property
    def is_minimum(self) -> bool:
        return isinstance(self.draft, Minimum)

    @property
    def shown(self) -> Rule | Minimum:
        """What a page tells of: what is there, or what would be."""
        return self.known or self.draft

    @property
    def can_be_added(self) -> bool:
        return self.known is None and not self.unconfirmed


@dataclass(frozen=True)
class Unplaced:
    """A rule that fits nowhere, and what the place that comes nearest lacks; None when there is no source at all."""

    label: str
    basis: str
    nearest: Place | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """A template in this organisation's data map."""

    template: RuleTemplate
    offers: list[Offer]
    unplaced: list[Unplaced]

    @property
    def is_meant(self) -> bool:
        """Whether all of it fits, so that the data map is probably of the kind that it was made for."""
        return not self.unplaced


class Placing:
    """Reads the data map and the rules once, and places any number of templates in them."""

    def __init__(self) -> None:
        self._places = list(_places())
        rules = Rule.objects.select_related("dataset__source", "start_dataset").prefetch_related("along")
        self._rules = list(rules.prefetch_related("start_dataset__fields"))
        minimums = Minimum.objects.select_related("dataset__source", "start_dataset")
        self._minimums = list(minimums.prefetch_related("start_dataset__fields"))

    def place(self, template: RuleTemplate) -> Placed:
        """Every rule of a template in every place where it fits."""
        placed = Placed(template, [], [])
        for rule in template.rules:
            needed = {target.table: needs(rule, target, along) for target, along in own_targets(rule)}
            fitting = [each for each in self._places if not each.lacks(together(needed.values()))]
            if not fitting:
                placed.unplaced.append(self._nearest(rule, together(needed.values())))
            for place in fitting:
                placed.offers.extend(
                    self._offer(template, rule, target, along, place, needed[target.table], alone=len(fitting) == 1)
                    for target, along in own_targets(rule)
                )
        return placed

    def _nearest(self, rule: RetentionRule, needed: Mapping[str, set[str]]) -> Unplaced:
        lacking = [(place.lacks(needed), place) for place in self._places]
        if not lacking:
            return Unplaced(rule.label, rule.basis, None, ())
        missing, place = min(lacking, key=lambda each: len(each[0]))
        return Unplaced(rule.label, rule.basis, place, tuple(missing))

    def _offer(
        self,
        template: RuleTemplate,
        rule: RetentionRule,
        target: Target,
        along: Sequence[str],
        place: Place,
        needed: Mapping[str, set[str]],
        *,
        alone: bool,
    ) -> Offer:
        known, dataset = dict(place.datasets), place.datasets[target.table]
        stored: Sequence[Rule] | Sequence[Minimum] = self._minimums if rule.kind == "minimum" else self._rules
        names = _names(rule, dataset, place)
        there = next((each for each in stored if each.dataset_id == dataset.pk and each.name in names), None)
        name = names[0] if alone and all(each.name != names[0] for each in stored) else names[1]
        with_it = tuple(known[table] for table in along)
        draft = _drafted(rule, target, known, name)
        return Offer(
            key=f"{template.key}/{rule.key}/{target.table}/{place.source.pk}/{place.schema}",
            draft=draft,
            along=with_it,
            words=_words(there) if there else _words(draft, with_it),
            place=place,
            known=there,
            similar=tuple(self._similar(draft)) if there is None and isinstance(draft, Rule) else (),
            unconfirmed=tuple(known[table] for table in needed if known[table].confirmed_at is None),
        )

    def _similar(self, draft: Rule) -> Iterable[Rule]:
        same = (draft.dataset_id, draft.start_dataset_id, draft.start_column)
        return (each for each in self._rules if (each.dataset_id, each.start_dataset_id, each.start_column) == same)


def _places() -> Iterable[Place]:
    """Schemas of sources that are in use, without the portal's own: its rules come with every organisation."""
    datasets = Dataset.objects.filter(source__is_active=True, vanished_at__isnull=True)
    datasets = datasets.exclude(source__kind=SourceKind.PORTAL).select_related("source").prefetch_related("fields")
    found: dict[tuple[int, str], dict[str, Dataset]] = defaultdict(dict)
    for each in datasets:
        found[each.source_id, each.table_schema][each.table_name] = each
    for (_source, schema), tables in found.items():
        yield Place(next(iter(tables.values())).source, schema, tables)


def _drafted(rule: RetentionRule, target: Target, known: dict[str, Dataset], name: str) -> Rule | Minimum:
    if rule.kind == "minimum":
        minimum = Minimum(name=name)
        fill_minimum(minimum, rule, target, known)
        return minimum
    draft = Rule(name=name)
    fill_rule(draft, rule, target, known)
    return draft


def _words(counted: Rule | Minimum, along: tuple[Dataset, ...] | None = None) -> str:
    return minimum_in_words(counted) if isinstance(counted, Minimum) else in_words(counted, along=along)


def _names(rule: RetentionRule, dataset: Dataset, place: Place) -> tuple[str, str]:
    """What it is called, and what it is called where another source has one of that name."""
    name = name_for(rule, dataset)
    behind = f" ({place.source.name}, {place.schema})"
    return name, name[: _LONGEST_NAME - len(behind)] + behind
