"""Lifting a restriction: why, and when the person was told."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from privacy.register.admin_fields import say_plainly
from privacy.register.selectors import local_date


class LiftForm(forms.Form):
    told_on = forms.DateField(
        label=_("Day on which the person was told"),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=_("Write to them first: nobody learns afterwards that their data is used again (GDPR Art. 18(3))."),
    )
    reason = forms.CharField(
        label=_("Why it is lifted"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Kept encrypted with the restriction."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)

    def clean_told_on(self) -> date:
        day: date = self.cleaned_data["told_on"]
        if day > local_date(timezone.now()):
            raise ValidationError(gettext("This day is yet to come. Tell the person first, then lift the restriction."))
        return day

    def lifting(self) -> dict[str, Any]:
        """What was given, as `services.lift_restriction` takes it."""
        return {"told_on": self.cleaned_data["told_on"], "reason": self.cleaned_data["reason"]}
