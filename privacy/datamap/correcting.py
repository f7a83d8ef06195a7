"""Correcting what sources hold about a person: which values there are, whether a new one fits, and the change itself.

Danger: values of a person in logs, job arguments or addresses of pages. Rule: a value is named by a fingerprint that
only this organisation can make; the values themselves are read when they are shown, and kept encrypted once decided.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from privacy.datamap.engine import correcting
from privacy.datamap.engine.correcting import Correction, CorrectionStopped, Stand
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.spec import Key
from privacy.datamap.errors import CorrectionUnfit
from privacy.datamap.models import DataCategory, Dataset, Field, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.subject_plan import PlannedErasure
from privacy.subjects.crypto import keyed_index

MOST_ROWS = 200
"""Of a person in one table; more are events, which nobody corrects one by one."""
_CREDENTIAL = re.compile(r"passw|pwd|secret|api_?key|token|otp_?seed", re.IGNORECASE)


@dataclass(frozen=True)
class PresentValue:
    """One value that rows of the person hold in one column.

    token: names it in forms; says nothing without the organisation's key.
    """

    source_id: int
    source: str
    dataset: str
    dataset_label: str
    column: str
    label: str
    category: str
    max_length: int | None
    text: str | None = field(repr=False)
    keys: tuple[Key, ...] = field(repr=False)

    @property
    def token(self) -> str:
        said = "\0".join([
            str(self.source_id), self.dataset, self.column, "-" if self.text is None else f"+{self.text}",
            *("\1".join(key) for key in self.keys),
        ])  # fmt: skip
        return keyed_index("present value", said).hex()


def present_values(planned: PlannedErasure) -> Iterator[PresentValue]:
    """What the person's rows hold now in every column that can be corrected, in the order of the data map.

    Raises:
        EngineError: a source cannot be reached or read.
    """
    for each in planned.plans:
        if not isinstance(each.plan, Plan):
            continue
        source = Source.objects.get(pk=each.source_id)
        with open_for_engine(source) as engine:
            for dataset in source.datasets.prefetch_related("fields"):
                if any(spec.key == dataset.key for spec in each.plan.datasets) and _is_planned(each.plan, dataset.key):
                    yield from _of_dataset(source, engine, each.plan, dataset)


def check_new_value(source: Source, plan: Plan, correction: Correction) -> None:
    """See that the column would keep the new value as it is.

    Raises:
        CorrectionUnfit: it would not, or it is the old one; the message says what to enter, without the value.
        EngineError: the source cannot be reached.
    """
    if correction.new == correction.old:
        raise CorrectionUnfit(_("The record says this already. Enter what it should say, or refuse the change."))
    column = plan.dataset(correction.dataset).column(correction.column)
    with open_for_engine(source) as engine:
        try:
            fits = "\0" not in correction.new and correcting.fits(engine, plan, correction)
        except InvalidSpec:
            fits = False
    if fits:
        return
    if column.max_length is not None and len(correction.new) > column.max_length:
        words = _("The field takes %(n)d characters at most. Shorten the value.")
        raise CorrectionUnfit(words % {"n": column.max_length})
    if column.family in (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ):
        raise CorrectionUnfit(_("Enter a day like 2026-01-31, or a moment like 2026-01-31 14:30:00."))
    words = _("The field does not take this value: it holds values of the type “%(type)s”.")
    raise CorrectionUnfit(words % {"type": column.declared_type or column.type})


def new_transaction_id(source: Source) -> str:
    """To be stored before `carry_out_correction`."""
    with open_for_engine(source) as engine:
        return correcting.new_transaction_id(engine)


def carry_out_correction(
    source: Source, plan: Plan, correction: Correction, *, transaction_id: str, earlier_id: str = ""
) -> int:
    """Make a correction, exactly once however often this is called; returns how many rows say the new value.

    Args:
        transaction_id: stored by the caller before.
        earlier_id: that of an attempt whose end nobody saw.

    Raises:
        CorrectionStopped: the rows hold something else by now; nothing was changed.
        EngineError: the source cannot be reached, is busy, or refuses.
    """
    with open_for_engine(source) as engine:
        stand = correcting.stand_of(engine, plan, correction, transaction_id=earlier_id)
        if stand is Stand.CHANGED:
            raise CorrectionStopped
        if stand is Stand.OPEN:
            try:
                correcting.carry_out(engine, plan, correction, transaction_id=transaction_id)
            except CorrectionStopped:  # another worker's attempt may have come to its end meanwhile
                if correcting.stand_of(engine, plan, correction) is not Stand.DONE:
                    raise
    return len(correction.keys)


def _is_planned(plan: Plan, dataset: str) -> bool:
    return any(step.dataset == dataset for step in plan.steps)


def _of_dataset(source: Source, engine: object, plan: Plan, dataset: Dataset) -> Iterator[PresentValue]:
    fields = _fields(plan, dataset)
    if not fields:
        return
    names = [each.column for each in fields]
    rows = correcting.present_rows(engine, plan, dataset.key, names, at_most=MOST_ROWS)  # type: ignore[arg-type]
    for place, each in enumerate(fields):
        held: dict[str | None, list[Key]] = {}
        for row in rows or ():
            held.setdefault(row.values[place], []).append(row.key)
        for text, keys in held.items():
            yield PresentValue(
                source_id=source.pk, source=source.name,
                dataset=dataset.key, dataset_label=dataset.label or dataset.key,
                column=each.column, label=each.label or each.column, category=each.category,
                max_length=plan.dataset(dataset.key).column(each.column).max_length, text=text, keys=tuple(keys),
            )  # fmt: skip


def _fields(plan: Plan, dataset: Dataset) -> list[Field]:
    """Those that people know about themselves: no keys, nothing by which an account is opened."""
    can_be = {column.name for column in correcting.correctable_columns(plan.dataset(dataset.key))}
    return [
        each
        for each in dataset.fields.all()
        if each.column in can_be
        and each.category != DataCategory.KEY
        and each.vanished_at is None
        and not _CREDENTIAL.search(each.column)
    ]
