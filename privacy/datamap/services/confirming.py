"""A person says: this is what the table holds, and this is what shall happen to it. Plans are made of nothing else."""

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.catalogs import CatalogsOnce
from privacy.datamap.chains import chain
from privacy.datamap.cutoffs import holds_date
from privacy.datamap.engine.coarser import check_steps
from privacy.datamap.engine.errors import EngineError, InvalidSpec
from privacy.datamap.errors import AddressRefused, ChainBroken, DatasetIncomplete, DatasetInUse
from privacy.datamap.models import IMPERSONAL, Action, DataCategory, Dataset, Field, LetterRole, Source, Strategy
from privacy.datamap.services.locking import lock_sources
from privacy.datamap.services.looking import reconcile_map
from privacy.datamap.services.partitions import forget
from privacy.datamap.specs import field_mask, further_steps, is_about_people, retention_mask
from privacy.datamap.trying_masks import unfit_in_source
from privacy.datamap.trying_ways import declared_link
from privacy.ledger.actors import Actor
from privacy.ledger.services import record


def _nobody(_why: str) -> None:
    """Where nobody waits to be told."""


@transaction.atomic
def confirm_dataset(
    *,
    dataset: Dataset,
    actor: Actor,
    tell_untried: Callable[[str], None] = _nobody,
    catalogs: CatalogsOnce | None = None,
) -> Dataset:
    """Confirm what the data map says of a dataset. Columns that the source has no more are taken out of it.

    Args:
        tell_untried: is told why the source could not be asked whether it takes the masks. Plans ask it again.
        catalogs: of sources that were read in the same act; None reads the source.

    Raises:
        DatasetIncomplete: columns are not classified, something personal is kept without a reason, masks and action
            contradict each other, it is reached in a circle, or the source would not take a mask, or could
            find nobody this way. Lists everything that is missing.
    """
    (confirmed,) = confirm_datasets(datasets=[dataset], actor=actor, tell_untried=tell_untried, catalogs=catalogs)
    return confirmed


@transaction.atomic
def confirm_datasets(
    *,
    datasets: Sequence[Dataset],
    actor: Actor,
    tell_untried: Callable[[str], None] = _nobody,
    catalogs: CatalogsOnce | None = None,
) -> list[Dataset]:
    """Confirm several datasets of one source, all or none of them.

    Args:
        tell_untried, catalogs: see `confirm_dataset`.

    Raises:
        DatasetIncomplete: see `confirm_dataset`; of the first that lacks something.
    """
    lock_sources(each.source_id for each in datasets)
    complete = [_complete(each) for each in datasets]
    for source in {each.source for each in complete}:
        _try(
            source, [each for each in complete if each.source_id == source.pk], tell_untried, catalogs or CatalogsOnce()
        )
    confirmed = [_confirm(each, actor) for each in complete]
    for source in {each.source for each in confirmed}:
        reconcile_map(source)
    return confirmed


def _complete(dataset: Dataset) -> Dataset:
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    dataset.fields.filter(vanished_at__isnull=False).delete()
    fields = list(dataset.fields.all())
    if problems := [*_of_dataset(dataset, fields), *(each for field in fields for each in _of_field(field, dataset))]:
        raise DatasetIncomplete(problems)
    return dataset


def _try(source: Source, datasets: list[Dataset], tell_untried: Callable[[str], None], catalogs: CatalogsOnce) -> None:
    try:
        problems = unfit_in_source(source, datasets, catalogs)
    except (EngineError, AddressRefused) as error:
        tell_untried(str(error))
        return
    if problems:
        raise DatasetIncomplete(problems)


def _confirm(dataset: Dataset, actor: Actor) -> Dataset:
    dataset.confirmed_at, dataset.is_new = timezone.now(), False
    dataset.save(update_fields=["confirmed_at", "is_new"])
    dataset.fields.update(confirmed_type=F("data_type"))
    record(action="dataset.confirmed", actor=actor, target=dataset, data={"fields": dataset.fields.count()})
    return dataset


@transaction.atomic
def forget_dataset(*, dataset: Dataset, actor: Actor) -> None:
    """Take a table that the source has no more out of the data map.

    Raises:
        DatasetInUse: it is there (again), or rules name it, or holds that are not over.
    """
    lock_sources([dataset.source_id])
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if dataset.vanished_at is None:
        raise DatasetInUse(_("The source has this table again; look at it under “Datasets”."))
    source, key = dataset.source, dataset.key
    try:
        with transaction.atomic():
            forget(dataset, actor=actor)
    except ProtectedError:
        message = _(
            "Retention rules or holds name %(table)s. Change those first, or have them released and wait until they "
            "are over, then take it out of the data map."
        )
        raise DatasetInUse(message % {"table": key}) from None
    reconcile_map(source)


def _of_dataset(dataset: Dataset, fields: list[Field]) -> list[str]:
    problems = []
    if not dataset.primary_key:
        problems.append(_("%(table)s has no primary key; add one in the source.") % {"table": dataset.key})
    masked = [each for each in fields if each.on_erasure != Strategy.KEEP]
    if dataset.on_erasure == Action.MASK and not masked:
        problems.append(
            _("%(table)s is to be anonymised, but no column has a mask; choose one, or keep the rows with a reason.")
            % {"table": dataset.key}
        )
    if dataset.on_erasure == Action.KEEP and masked and is_about_people(dataset):
        words = _(
            "%(table)s is kept on erasure, but columns of it have a mask: %(columns)s. Choose “anonymise” for the "
            "table, or “keep” for these columns."
        )
        problems.append(words % {"table": dataset.key, "columns": ", ".join(each.column for each in masked)})
    if _is_way_undecided(dataset, fields):
        words = _(
            "Several ways lead from %(table)s to people, or only to those who handle it; choose one, or keep the rows "
            "with a reason."
        )
        problems.append(words % {"table": dataset.key})
    for role in LetterRole:
        if len([each for each in fields if each.letter_role == role]) > 1:
            words = _("%(table)s names more than one column for “%(role)s” of letters; keep one.")
            problems.append(words % {"table": dataset.key, "role": role.label})
    if dataset.created_column and not any(
        each.column == dataset.created_column and holds_date(each.data_type) for each in fields
    ):
        words = _("%(table)s: “%(column)s” does not say when a row came about; choose another column.")
        problems.append(words % {"table": dataset.key, "column": dataset.created_column})
    columns = {each.column for each in fields}
    if missing := sorted({pair[0] for pair in dataset.link_columns} - columns):
        problems.append(
            _("%(table)s has no column %(columns)s by which it is reached.")
            % {"table": dataset.key, "columns": ", ".join(missing)}
        )
    problems += _of_parent(dataset)
    return problems


def _of_parent(dataset: Dataset) -> Iterator[str]:
    if dataset.parent is None:
        return
    known = {each.column for each in dataset.parent.fields.all() if each.vanished_at is None}
    if missing := sorted({pair[1] for pair in dataset.link_columns} - known):
        words = _(
            "%(table)s is reached from %(parent)s, which has no column %(columns)s; choose one of its columns: "
            "%(known)s."
        )
        facts = {"table": dataset.key, "parent": dataset.parent.key, "columns": ", ".join(missing)}
        declared = declared_link(dataset, dataset.parent.key)
        yield " ".join(filter(None, [words % (facts | {"known": ", ".join(sorted(known))}), declared]))
    try:
        chain(dataset, lambda each: each.parent)
    except ChainBroken as error:
        yield str(error)


def _is_way_undecided(dataset: Dataset, fields: list[Field]) -> bool:
    """Whether discovery left the way to the person to be chosen, and something is to be done without one."""
    is_left_open = bool(dataset.suggestion_reason) and dataset.parent_id is None
    return is_left_open and dataset.on_erasure != Action.KEEP and not any(each.identifier_kind for each in fields)


def _of_field(field: Field, dataset: Dataset) -> list[str]:
    where = {"column": f"{dataset.key}.{field.column}"}
    problems = []
    kept_in_masked_rows = dataset.on_erasure == Action.MASK and field.on_erasure == Strategy.KEEP
    if field.category == DataCategory.UNCLASSIFIED:  # whether it needs a reason is known once it is classified
        problems.append(_("%(column)s is not classified; say what it holds.") % where)
    elif kept_in_masked_rows and field.category not in IMPERSONAL and not field.keep_reason:
        problems.append(_("%(column)s is kept; give the reason that the person will be told.") % where)
    for strategy in {field.on_erasure, field.on_retention}:
        try:
            field_mask(field, strategy)
        except InvalidSpec:
            words = _("%(column)s: the particulars of the mask do not fit “%(strategy)s”.")
            problems.append(words % (where | {"strategy": str(Strategy(strategy).label)}))
    if field.coarser and (problem := _of_further_steps(field)):
        problems.append(problem % where)
    return problems


def _of_further_steps(field: Field) -> str:
    if not field.is_quasi_identifier:
        return _("%(column)s has further steps for small groups, so say that it singles people out.")
    try:
        check_steps(retention_mask(field), further_steps(field))
    except InvalidSpec:
        return _(
            "%(column)s: each further step for small groups must be coarser than the one before, and than what happens "
            "at the end of the period."
        )
    return ""
