"""Trying datasets in their source, their masks first of all, when somebody confirms what the data map says of them."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from privacy.datamap.asking import is_asked
from privacy.datamap.catalogs import CatalogsOnce
from privacy.datamap.engine.errors import Problem, Trouble
from privacy.datamap.engine.fitting import Unfit, unfit_masks
from privacy.datamap.engine.masks import ColumnMask
from privacy.datamap.models import Action, Dataset, Field, Source, SourceKind, Strategy
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import datasets_of, field_mask, further_steps, specs_of
from privacy.datamap.trying_conditions import unfit_values
from privacy.datamap.trying_ways import unfit_ways


def unfit_in_source(source: Source, datasets: Sequence[Dataset], catalogs: CatalogsOnce) -> list[str]:
    """What masks, scopes and ways to people would fail by in a run, each with what to choose instead. No row is read.

    Args:
        datasets: of the source, with particulars that fit their masks.
        catalogs: has that of the source, or reads it.

    Raises:
        EngineError: the source cannot tell now.
        AddressRefused: its stored address is not one that a source may have.
    """
    if is_asked(source) or source.kind == SourceKind.PORTAL:
        return []
    chosen = {each.key: each for each in datasets}
    masks = {key: list(_masks_of(each)) for key, each in chosen.items()}
    with open_for_engine(source) as engine:
        specs, catalog = specs_of(datasets_of(source)), catalogs.of(source, engine)
        ways = unfit_ways(engine, specs, chosen, catalog)
        found = unfit_masks(engine, specs, masks, catalog)
    scopes = [
        _("Scope of %(table)s: %(problem)s") % {"table": each.key, "problem": problem}
        for each in datasets
        for problem in unfit_values(dataset=each, stored=each.scope, catalog=catalog)
    ]
    return [*ways, *scopes, *dict.fromkeys(_in_words(each, chosen[each.dataset]) for each in found)]


def _masks_of(dataset: Dataset) -> Iterable[ColumnMask]:
    """All that a run would apply, each once: an erasure, a rule, and what a rule does about small groups."""
    found: list[ColumnMask] = []
    for field in dataset.fields.all():
        strategies = {field.on_retention, field.on_erasure if dataset.on_erasure == Action.MASK else Strategy.KEEP}
        found += [field_mask(field, each) for each in sorted(strategies - {Strategy.KEEP})]
        found += further_steps(field)
    return [each for place, each in enumerate(found) if each not in found[:place]]


def _in_words(unfit: Unfit, dataset: Dataset) -> str:
    field: Field = next(each for each in dataset.fields.all() if each.column == unfit.mask.column)
    facts = {
        "column": f"{dataset.key}.{field.column}",
        "kind": field.data_type,
        "mask": Strategy(unfit.mask.strategy).label,
        "what": unfit.problem.what,
        "advice": _advice(unfit.problem),
    }
    return _words_of(unfit.problem.trouble) % facts


def _advice(problem: Problem) -> str:
    masks = ", ".join(f"“{Strategy(each).label}”" for each in problem.instead)
    if masks and problem.widening:
        return _("Choose one of %(masks)s, or have the column widened in the source.") % {"masks": masks}
    if masks:
        return _("Choose one of %(masks)s, or another mask that fits.") % {"masks": masks}
    if problem.widening:
        return _(
            "No mask fits this column: have it widened in the source, delete the rows, or keep it with a legal reason."
        )
    return _("No mask fits this column: delete the rows, or keep it with a legal reason.")


def _words_of(trouble: Trouble | None) -> str:
    match trouble:
        case Trouble.COMPUTED:
            return _("%(column)s is computed by the source itself: keep it, and mask what it is computed from.")
        case Trouble.TYPE:
            return _("%(column)s holds %(kind)s, on which “%(mask)s” does not work: choose another mask.")
        case Trouble.TOO_SHORT:
            return _("%(column)s holds %(kind)s, which is too short for “%(mask)s”. %(advice)s")
        case Trouble.NOT_NULL:
            return _("%(column)s must not be empty in the source. %(advice)s")
        case Trouble.UNIQUE:
            return _("%(column)s: the source wants its values distinct, and “%(mask)s” makes some equal. %(advice)s")
        case Trouble.CONSTANT:
            return _("%(column)s holds %(kind)s, which does not take the constant: write another one.")
        case Trouble.CONSTANT_DAY:
            return _("%(column)s holds %(kind)s, which does not take the constant: write a day like 2000-02-01.")
        case _:
            return _("%(column)s cannot be masked. %(what)s Keep it, or delete the rows.")
