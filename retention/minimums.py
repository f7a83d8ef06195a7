"""Statutory minimums as plans know them: which rows are protected, why, and until when."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from privacy.datamap.engine.selection import OlderThan, Protection
from privacy.datamap.engine.values import json_digest
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.minimums import LegalMinimum
from privacy.datamap.models import Action, Dataset, Field, Source, Strategy
from privacy.datamap.specs import conditions
from privacy.register.selectors import profile
from retention.enums import Protects
from retention.errors import RetentionError, RuleInvalid
from retention.models import Minimum, Rule
from retention.paths import path_between
from retention.periods import cutoff, last_day_kept


def legal_minimums(source: Source, datasets: list[Dataset], at: dt.datetime) -> list[LegalMinimum]:
    """What the active minimums over a source protect at a moment; registered with `privacy.datamap.minimums`.

    Raises:
        DatamapIncomplete: one does not fit the data map.
    """
    found = active_minimums().filter(dataset__source=source)
    try:
        return [_legal_minimum(each, datasets, at) for each in found]
    except RetentionError as error:
        words = _("A statutory minimum does not fit the data map: %(problem)s Correct it under “Statutory minimums”.")
        raise DatamapIncomplete(words % {"problem": error}) from None


def active_minimums() -> QuerySet[Minimum]:
    """Minimums that are in force."""
    return Minimum.objects.filter(is_active=True).select_related("dataset", "start_dataset").order_by("pk")


def names_for_rule(rule: Rule, along: Iterable[Dataset]) -> list[str]:
    """Which minimums, as they are now, keep rows from a rule."""
    taken = {each.pk for each in along}
    return [
        name_of(each)
        for each in active_minimums().filter(dataset_id__in={rule.dataset_id, *taken})
        if each.forbids(rule.action)
    ]


def name_of(minimum: Minimum) -> str:
    """Says which minimum it is, and changes with what it means."""
    meaning = minimum.counting() | {"protects": minimum.protects}
    return f"minimum:{minimum.pk}:{json_digest(meaning)[:16]}"


def reason_of(minimum: Minimum) -> str:
    """Why the law wants it kept, and which one, for people."""
    return f"{minimum.legal_reason.rstrip('.')} ({minimum.citation.rstrip('.')})"


def _legal_minimum(minimum: Minimum, datasets: list[Dataset], at: dt.datetime) -> LegalMinimum:
    by_id = {dataset.pk: dataset for dataset in datasets}
    dataset, start = by_id.get(minimum.dataset_id), by_id.get(minimum.start_dataset_id)
    field = next((each for each in start.fields.all() if each.column == minimum.start_column), None) if start else None
    if dataset is None or start is None or field is None:
        raise RuleInvalid(_("“%(name)s” names a column that its dataset does not have.") % {"name": minimum.name})
    _check_date_stays(minimum, start, field)
    way = path_between(dataset, start, minimum.path, datasets)
    until = cutoff(minimum.period, now=at).for_column(field.data_type)
    zone = ZoneInfo(profile().time_zone)
    since = OlderThan(minimum.start_column, until, way, conditions(minimum.conditions))
    return LegalMinimum(
        dataset=dataset.key,
        protects_values=minimum.forbids("mask"),
        protection=Protection(name_of(minimum), since),
        reason=reason_of(minimum),
        last_day=lambda event: last_day_kept(minimum.period, event, field.data_type, zone),
    )


def _check_date_stays(minimum: Minimum, start: Dataset, field: Field) -> None:
    """While anonymising is allowed, it must leave the date alone by which the minimum ends."""
    masked = {field.on_retention} | ({field.on_erasure} if start.on_erasure == Action.MASK else set())
    if minimum.protects == Protects.ROWS and masked - {Strategy.KEEP}:
        words = _("“%(name)s” counts from “%(field)s”, which is anonymised: keep that column as it is.")
        raise RuleInvalid(words % {"name": minimum.name, "field": field.label or field.column})
