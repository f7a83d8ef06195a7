"""The form of a legal hold.

Danger: what is typed to name the person must not end up in an address bar or a list.
Rule: it is typed into a form, looked up through the keyed index, and not kept here.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from privacy.datamap.models import Dataset
from privacy.register.admin_fields import LinesField
from privacy.register.selectors import local_date, profile
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from retention.admin.counted import dataset_label
from retention.models import Hold
from retention.services.holds import review_in_the_past

KINDS = tuple(str(kind) for kind in IdentifierKind)
"""Names of the fields that name people, one for each kind of identifier."""
_LONGEST = 320


class IdentifiersField(LinesField):
    """Identifiers of one kind, each on a line of its own."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(longest=_LONGEST, required=False, widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        for number, each in enumerate(value, 1):
            try:
                normalise(self.kind, each, region=profile().country)
            except IdentifierInvalid as error:
                words = {"line": number, "problem": str(error)}
                raise ValidationError(
                    _("Line %(line)d: %(problem)s") % words if len(value) > 1 else str(error)
                ) from None


class HoldForm(forms.ModelForm):
    """Somebody, by everything they are known by; or one dataset, or one data category."""

    prefix = "hold"  # the theme takes a posted field called `dataset` for one of its own

    matter = forms.CharField(
        label=gettext_lazy("Matter"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("File number or name of the dispute. Kept encrypted."),
    )
    email = IdentifiersField(
        IdentifierKind.EMAIL,
        label=gettext_lazy("E-mail addresses of the person"),
        help_text=gettext_lazy(
            "For a hold on one person, in all sources: everything they are known by, each on a line of its own. "
            "Otherwise leave these empty and choose a dataset or a category."
        ),
    )
    phone = IdentifiersField(IdentifierKind.PHONE, label=gettext_lazy("Their telephone numbers"))
    customer_id = IdentifiersField(IdentifierKind.CUSTOMER_ID, label=gettext_lazy("Their customer numbers"))

    class Meta:
        model = Hold
        fields = ("matter", "dataset", "category", "review_on")
        help_texts = {
            "dataset": gettext_lazy("For a hold on everybody's rows in one table."),
            "category": gettext_lazy("For a hold on every table with fields of this category, in all sources."),
            "review_on": gettext_lazy("You are reminded on this day. The hold never ends by itself."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "dataset" in self.fields:
            self.fields["dataset"].queryset = Dataset.objects.select_related("source")  # type: ignore[attr-defined]
            self.fields["dataset"].label_from_instance = dataset_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        named = [any(given.get(kind) for kind in KINDS), bool(given.get("dataset")), bool(given.get("category"))]
        if self.instance._state.adding and not set(KINDS) & set(self.errors) and sum(named) != 1:
            raise ValidationError(_("Name either a person, a dataset or a data category."))
        return given

    def clean_review_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["review_on"]
        if day is not None and "review_on" in self.changed_data and day < local_date(timezone.now()):
            raise ValidationError(review_in_the_past())
        return day

    def known_by(self) -> list[tuple[str, str]]:
        """Kind and value of everything that names the person."""
        return [(kind, value) for kind in KINDS for value in self.cleaned_data.get(kind) or ()]

    def _post_clean(self) -> None:
        """The person becomes known when the hold is placed, so the model is not asked about it here."""
        if not self.instance._state.adding:
            super()._post_clean()  # type: ignore[misc]
        elif not self.errors:
            self.instance.matter = self.cleaned_data["matter"]
