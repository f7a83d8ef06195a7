"""Marking withdrawals as passed on."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from consent.propagation.services import LONGEST_HOW


class ToldForm(forms.Form):
    how = forms.CharField(
        label=_("How they were told"),
        max_length=LONGEST_HOW,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For example: list sent by mail to their office, taken off in their console. Kept encrypted."),
    )
