"""What there is to find about sources and the data map, and when it is looked for.

Three kinds of looks: at the data map alone (costs nothing, done after every change of it), at what a source says of
itself (when it is discovered, once a day), and looks of higher rooms, which register theirs.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from privacy.datamap.asking import is_asked, waited_for_since
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.introspect import findings
from privacy.datamap.enums import FindingCode as Code
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source, SourceKind
from privacy.datamap.rights import excessive, missing_for
from privacy.datamap.services.findings import Observation, reconcile
from privacy.datamap.specs import datasets_of, is_about_people
from privacy.datamap.suggestions.created import possibly_created
from privacy.datamap.text_types import is_text
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.selectors import profile

Look = Callable[[Source, list[Dataset]], Iterable[Observation]]

OF_THE_MAP = (
    Code.VANISHED_TABLE, Code.PARTITION_LISTED, Code.VANISHED_COLUMN, Code.CHANGED_TYPE, Code.NEW_TABLE,
    Code.NEW_COLUMN, Code.UNCLASSIFIED_TEXT, Code.TO_BE_CONFIRMED, Code.FIELD_WITHOUT_PURPOSE, Code.NO_CREATED_COLUMN,
    Code.SOURCE_NOT_SEEN,
)  # fmt: skip
OF_THE_SOURCE = (
    Code.MISSING_RIGHTS, Code.EXCESSIVE_RIGHTS, Code.FOREIGN_KEY_WITHOUT_INDEX, Code.NO_PRIMARY_KEY, Code.ROW_SECURITY,
    Code.TRIGGERS, Code.STORED_VIEW, Code.FOREIGN_TABLE, Code.OTHER_TABLE, Code.OUT_OF_PATH, Code.NO_TRANSACTIONS,
)  # fmt: skip
WITH_STATEMENT = frozenset({Code.FOREIGN_KEY_WITHOUT_INDEX, Code.STORED_VIEW, Code.OUT_OF_PATH})
"""Findings whose remedy is a statement for whoever runs the source."""

_IMPERSONAL = frozenset({DataCategory.KEY, DataCategory.BUSINESS, DataCategory.UNCLASSIFIED})

_looks: dict[tuple[str, ...], Look] = {}
_listeners: list[Callable[[Source], None]] = []


def register_look(codes: Collection[str], function: Look) -> None:
    """Have a function asked what it sees in the data map of a source, whenever the map is looked at.

    Args:
        codes: everything that the function looks for; what it does not return of these is resolved.
    """
    _looks[tuple(codes)] = function


def register_listener(function: Callable[[Source], None]) -> None:
    """Have a function told, in the transaction, whenever the data map of a source was looked at."""
    if function not in _listeners:
        _listeners.append(function)


@transaction.atomic
def reconcile_map(source: Source) -> None:
    """Bring in line what can be told from the data map alone.

    Of a source that is switched off nobody says anything: its findings rest, with what officers said about them.
    """
    if source.is_active:
        datasets = datasets_of(source)
        prefetch_related_objects([field for dataset in datasets for field in dataset.fields.all()], "purposes")
        reconcile(source=source, codes=OF_THE_MAP, seen=list(_of_map(source, datasets)))
        for codes, look in _looks.items():
            reconcile(source=source, codes=codes, seen=look(source, datasets))
    for function in _listeners:
        function(source)


def reconcile_discovery(source: Source, catalog: Catalog) -> None:
    """Bring in line what a source just said of itself, and the data map with it."""
    reconcile(source=source, codes=OF_THE_SOURCE, seen=_of_catalog(catalog, datasets_of(source)))
    reconcile_map(source)


@transaction.atomic
def note_failed_look(*, source: Source) -> None:
    """Say at the source that a look at it failed in a way nobody foresaw. Not why: a message may quote a row."""
    Source.objects.filter(pk=source.pk).update(look_failed_at=timezone.now())
    record(action="source.look_failed", actor=SYSTEM, target=source)


def note_good_look(*, source: Source) -> None:
    """A look at a source has come to its end, so an earlier failure is over. In the caller's transaction."""
    Source.objects.filter(pk=source.pk, look_failed_at__isnull=False).update(look_failed_at=None)


def _of_map(source: Source, datasets: list[Dataset]) -> Iterator[Observation]:
    silent_since = timezone.now() - timedelta(days=profile().source_silence_days)
    if _is_silent(source, silent_since):
        yield Observation(Code.SOURCE_NOT_SEEN)
    for dataset in datasets:
        if dataset.vanished_at is not None:
            if dataset.part_of:
                yield _of(Code.PARTITION_LISTED, dataset, (dataset.part_of,))
            elif not dataset.is_new:  # nobody misses a table that came and went before anybody looked
                yield _of(Code.VANISHED_TABLE, dataset)
        else:
            yield from _of_dataset(dataset)


def _is_silent(source: Source, since: datetime) -> bool:
    """A database is read every day. Of anybody else nothing is heard, and that is all right, until they are asked."""
    if not is_asked(source):
        return source.last_seen_at is None or source.last_seen_at < since
    waiting = waited_for_since(source)
    return waiting is not None and max(waiting, source.last_seen_at or waiting) < since


def _of_dataset(dataset: Dataset) -> Iterator[Observation]:
    fields = list(dataset.fields.all())
    present = [each for each in fields if each.vanished_at is None]
    unclassified = [each for each in present if each.category == DataCategory.UNCLASSIFIED]
    lists: dict[Code, list[Field]] = {
        Code.VANISHED_COLUMN: [each for each in fields if _is_missed(each)],
        Code.FIELD_WITHOUT_PURPOSE: _without_purpose(dataset, present),
    }
    if dataset.confirmed_at is None:
        yield _of(Code.NEW_TABLE if dataset.is_new else Code.TO_BE_CONFIRMED, dataset)
    else:
        lists[Code.CHANGED_TYPE] = [each for each in present if each.confirmed_type not in ("", each.data_type)]
        lists[Code.UNCLASSIFIED_TEXT] = [each for each in unclassified if is_text(each.data_type)]
        lists[Code.NEW_COLUMN] = [each for each in unclassified if not is_text(each.data_type)]
        lists[Code.NO_CREATED_COLUMN] = _possibly_created(dataset, present)
    for code, found in lists.items():
        if found:
            yield _of(code, dataset, tuple(each.column for each in found))


def _without_purpose(dataset: Dataset, fields: list[Field]) -> list[Field]:
    """Columns that hold personal data for which the register names no purpose. The portal's is to keep promises."""
    if not is_about_people(dataset) or dataset.source.kind == SourceKind.PORTAL:
        return []
    return [each for each in fields if each.category not in _IMPERSONAL and not each.purposes.all()]


def _possibly_created(dataset: Dataset, fields: list[Field]) -> list[Field]:
    """Columns by which newer rows could be told, of a table that an erasure of a person reaches and that names none."""
    if dataset.created_column or dataset.on_erasure == Action.KEEP or dataset.source.kind == SourceKind.PORTAL:
        return []
    names = possibly_created((each.column, each.data_type) for each in fields) if is_about_people(dataset) else []
    return [each for each in fields if each.column in names]


def _is_missed(field: Field) -> bool:
    """Nobody misses a column that came and went before anybody classified it."""
    return field.vanished_at is not None and field.category != DataCategory.UNCLASSIFIED


def _of(code: Code, dataset: Dataset, names: tuple[str, ...] = ()) -> Observation:
    return Observation(code, dataset.key, dataset, names)


def _of_catalog(catalog: Catalog, datasets: list[Dataset]) -> Iterator[Observation]:
    by_key = {each.key: each for each in datasets}
    if names := excessive(catalog, by_key):
        yield Observation(Code.EXCESSIVE_RIGHTS, names=tuple(names))
    for table in catalog.tables:
        dataset = by_key.get(table.full_name)
        if dataset is not None and (missing := missing_for(dataset, table)):
            remedy = f"GRANT {', '.join(missing)} ON {table.full_name} TO …;"
            yield Observation(Code.MISSING_RIGHTS, table.full_name, dataset, tuple(missing), remedy=remedy)
    made_of = {each.full_name: each.made_of for each in catalog.tables}
    remedies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in findings(catalog):
        remedies[each.code, each.where].append(each.remedy)
    for (code, where), lines in remedies.items():
        remedy = "\n".join(lines) if code in WITH_STATEMENT else ""
        yield Observation(code, where, by_key.get(where), made_of.get(where, ()), remedy=remedy)
