"""Trying in the source by which columns people are found and written to, when somebody confirms a dataset."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from privacy.datamap.asking import is_asked
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.leading import Misled, Nameless, can_name, misled, nameless
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import DatasetSpec, Join
from privacy.datamap.models import Dataset, LetterRole, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import datasets_of, link, specs_of
from privacy.subjects.identifiers import IdentifierKind


def unfit_ways(
    engine: EngineSource, specs: Sequence[DatasetSpec], chosen: Mapping[str, Dataset], catalog: Catalog
) -> list[str]:
    """What would keep people of datasets from being found or written to, with what to choose instead. No row is read.

    Args:
        specs: of all datasets of the source.
        chosen: those that are asked about, by key.
        catalog: of this source, read just now.

    Raises:
        EngineError: the source cannot tell now, or a dataset does not fit it.
    """
    joins = {key: link(each, each.parent) for key, each in chosen.items() if each.parent is not None}
    return [
        *(_of_identity(each) for each in nameless(engine, specs, chosen, catalog)),
        *(_of_link(each, chosen[each.dataset]) for each in misled(engine, specs, joins, catalog)),
        *(problem for each in chosen.values() for problem in _of_letters(each, catalog)),
    ]


def unfit_joins(source: Source, joins: Mapping[str, Join]) -> list[str]:
    """Which joins compare what cannot be compared, by the dataset from which each leads. No row is read.

    Raises:
        EngineError: the source cannot tell now, or has no such table or column.
        AddressRefused: its stored address is not one that a source may have.
    """
    if not joins or is_asked(source):
        return []
    datasets = datasets_of(source)
    by_key = {each.key: each for each in datasets}
    with open_for_engine(source) as engine:
        found = misled(engine, specs_of(datasets), joins, read_catalog(engine))
    return [_of_link(each, by_key[each.dataset]) for each in found]


def _of_identity(unfit: Nameless) -> str:
    facts = {
        "column": f"{unfit.dataset}.{unfit.column.name}",
        "kind": unfit.column.declared_type,
        "identifier": IdentifierKind(unfit.identity.kind).label,
        "fitting": ", ".join(unfit.fitting),
    }
    if not unfit.fitting:
        words = _("%(column)s holds %(kind)s, in which no %(identifier)s can be found: do not name the person by it.")
        return words % facts
    words = _(
        "%(column)s holds %(kind)s, in which no %(identifier)s can be found: name the person by another column. These "
        "hold text: %(fitting)s."
    )
    return words % facts


def _of_link(unfit: Misled, dataset: Dataset) -> str:
    facts = {
        "table": unfit.dataset,
        "own": unfit.own.name,
        "kind": unfit.own.declared_type,
        "theirs": f"{unfit.to}.{unfit.theirs.name}",
        "other": unfit.theirs.declared_type,
    }
    words = _(
        "%(table)s is reached by %(own)s (%(kind)s), which cannot be compared with %(theirs)s (%(other)s): choose the "
        "columns that hold the same."
    )
    return " ".join(filter(None, [words % facts, declared_link(dataset, unfit.to)]))


def declared_link(dataset: Dataset, to: str) -> str:
    """The columns that the source itself declares to lead from a dataset to another; empty when it declares none."""
    for key in dataset.foreign_keys:
        if key["to"] == to:
            pairs = "; ".join(
                f"{own} = {theirs}" for own, theirs in zip(key["columns"], key["to_columns"], strict=True)
            )
            return _("The source declares: %(pairs)s.") % {"pairs": pairs}
    return ""


def _of_letters(dataset: Dataset, catalog: Catalog) -> Iterator[str]:
    table = catalog.table(dataset.table_schema, dataset.table_name)
    columns = {each.name: each for each in table.columns}
    for field in dataset.fields.all():
        column = columns.get(field.column)
        if column is not None and field.letter_role and not can_name(column, IdentifierKind.EMAIL):
            words = _(
                "%(column)s holds %(kind)s, which is not “%(role)s” of anybody: choose for letters a column with text."
            )
            where = {"column": f"{dataset.key}.{field.column}", "kind": field.data_type}
            yield words % (where | {"role": LetterRole(field.letter_role).label})
