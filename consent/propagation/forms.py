"""Marking withdrawals as passed on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from consent.propagation.services import LONGEST_HOW
from privacy.register.admin_fields import say_plainly


class ToldForm(forms.Form):
    how = forms.CharField(
        label=_("How they were told"),
        max_length=LONGEST_HOW,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For example: list sent by mail to their office, taken off in their console. Kept encrypted."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
