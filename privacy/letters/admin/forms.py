"""The forms by which officers edit letters and their wordings."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from privacy.letters.wording import LONGEST_HEADING, LONGEST_TEXT


class DraftForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        help_text=_("A line that begins with ## is a title, one that begins with a hyphen is a point of a list."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 24, "class": "pd-wide"}),
    )


class AgainForm(forms.Form):
    address = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Correct it if it was wrong. The letter goes out word for word."),
        widget=UnfoldAdminEmailInputWidget(),
    )


class WordingForm(forms.Form):
    heading = forms.CharField(
        label=_("Subject line"),
        max_length=LONGEST_HEADING,
        widget=UnfoldAdminTextInputWidget(attrs={"class": "pd-wide"}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        help_text=_("A line that begins with ## is a title, one that begins with a hyphen is a point of a list."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 24, "class": "pd-wide"}),
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
