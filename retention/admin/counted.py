"""What the forms of rules and of statutory minimums have in common: whose rows, and when the period begins and ends."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from privacy.datamap.admin.conditions import ConditionsField
from privacy.datamap.admin.lines import as_lines
from privacy.datamap.admin.trying import ConditionsTriedForm, tell_untried
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.spec import Join
from privacy.datamap.errors import AddressRefused
from privacy.datamap.models import Dataset
from privacy.datamap.trying_ways import unfit_joins
from privacy.ledger.admin_base import RecordedAdmin
from retention.admin.way_field import WayField, check_way
from retention.dates import no_date
from retention.period_fields import CountedFromEvent

COUNTED_FIELDS = (
    "dataset", "start_event", "start_dataset", "start_column", "amount", "unit", "year_end", "conditions", "path",
)  # fmt: skip

WHEN = (
    gettext_lazy("When"),
    {
        "fields": (
            ("amount", "unit"),
            "year_end",
            "start_event",
            "start_dataset",
            "start_column",
            "conditions",
        )
    },
)
WAY = (
    gettext_lazy("Way from the rows to the event"),
    {
        "fields": ("path",),
        "classes": ("collapse",),
        "description": gettext_lazy("Leave it empty: it is found from the foreign keys when there is one way."),
    },
)


class CountedForm(ConditionsTriedForm):
    """A period that cannot contradict the data map."""

    prefix = "rule"  # the theme takes a posted field called `dataset` for one of its own

    conditions = ConditionsField(
        label=gettext_lazy("Only where"),
        required=False,
        help_text=gettext_lazy(
            "Conditions on the dataset with the event, one on each line, for example: status = cancelled"
        ),
    )

    path = WayField(
        label=gettext_lazy("By the way"),
        required=False,
        help_text=gettext_lazy(
            "Foreign keys, one on each line, that lead from the rows to the event, for example: "
            "customer_id → crm.customer (customer_id)"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("dataset", "start_dataset", "along"):
            if name in self.fields:
                self.fields[name].queryset = Dataset.objects.select_related("source")  # type: ignore[attr-defined]
                self.fields[name].label_from_instance = dataset_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        dataset, start = given.get("dataset"), given.get("start_dataset")
        if not isinstance(dataset, Dataset) or not isinstance(start, Dataset):
            return given
        if dataset.source_id != start.source_id:
            self.add_error("start_dataset", _("Choose a dataset of the same source."))
        columns = set(start.fields.values_list("column", flat=True))
        if (column := given.get("start_column")) and column not in columns:
            self.add_error("start_column", _unknown(start, [column], columns))
        elif column and self._is_to_be_tried("start_column") and (problem := no_date(start, column)):
            self.add_error("start_column", problem)
        if unknown := [each["column"] for each in given.get("conditions") or [] if each["column"] not in columns]:
            self.add_error("conditions", _unknown(start, unknown, columns))
        elif self._is_to_be_tried("conditions"):
            self.try_conditions("conditions", start, given.get("conditions"))
        if way := given.get("path"):
            try:
                check_way(way, dataset, start)
            except ValidationError as error:
                self.add_error("path", error)
            else:
                if {"path", "dataset"} & {*self.changed_data}:
                    self._try_way(way, dataset)
        return given

    def _try_way(self, way: list[dict[str, Any]], dataset: Dataset) -> None:
        """What cannot be tried now is refused by every plan."""
        starts = [dataset.key, *(hop["to"] for hop in way)]
        joins = {
            start: Join(tuple(hop["columns"]), hop["to"], tuple(hop["to_columns"]))
            for start, hop in zip(starts, way, strict=False)
        }
        try:
            for problem in unfit_joins(dataset.source, joins):
                self.add_error("path", problem)
        except (EngineError, AddressRefused) as error:
            self.untried = str(error)

    def _is_to_be_tried(self, name: str) -> bool:
        """What is new here, and everything of what is switched on: it may have come, or the source changed, since."""
        is_switched_on = "is_active" in self.changed_data and bool(self.cleaned_data.get("is_active"))
        return is_switched_on or bool({name, "start_dataset"} & {*self.changed_data})


def dataset_label(dataset: Dataset) -> str:
    return f"{dataset.source.name}: {dataset.label} ({dataset.key})"


def _unknown(dataset: Dataset, columns: list[str], known: set[str]) -> ValidationError:
    words = _("“%(dataset)s” has no column %(columns)s. It has: %(known)s.")
    return ValidationError(
        words % {"dataset": dataset.label, "columns": ", ".join(columns), "known": ", ".join(sorted(known))}
    )


class CountedAdmin(RecordedAdmin):
    """A page of a period; whoever only looks reads its conditions as they are typed."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_untried(request, form)

    @display(description=gettext_lazy("Only where"))
    def conditions_lines(self, obj: CountedFromEvent) -> SafeString:
        return as_lines(ConditionsField(required=False), obj.conditions)

    @display(description=gettext_lazy("By the way"))
    def path_lines(self, obj: CountedFromEvent) -> SafeString | str:
        return as_lines(WayField(required=False), obj.path) if obj.path else _("found from the foreign keys")
