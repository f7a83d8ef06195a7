"""What officers enter about files of cases and parts of documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from privacy.documents.uploads import accept
from requests.case_files.adding import KINDS_OF_OFFICERS, LONGEST_COMMENT, ROLES_OF_OFFICERS
from requests.case_files.asking import ASKED_FOR
from requests.models import CaseFileRole, SubjectRequest
from requests.redaction.reasons import reasons


class AddFileForm(forms.Form):
    """A file, what it is, and a comment."""

    prefix = "add"
    role = forms.ChoiceField(
        label=_("What it is"),
        choices=[("", _("Choose what it is")), *((role, CaseFileRole(role).label) for role in ROLES_OF_OFFICERS)],
        widget=UnfoldAdminSelectWidget(),
        error_messages={"required": _("Choose what the file is.")},
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": accept(KINDS_OF_OFFICERS)}),
        help_text=_("25 MB at most. Images are stored without what a camera wrote into them, like the place."),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("No more about the person than is needed."),
    )


class AskForm(forms.Form):
    """Which document is asked for, and what the letter says about it."""

    prefix = "ask"
    role = forms.ChoiceField(
        label=_("What you need"),
        choices=[(role, role.label) for role in ASKED_FOR],
        widget=UnfoldAdminSelectWidget(),
    )
    words = forms.CharField(
        label=_("Which document, and what for, as the person will read it"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Ask only when you reasonably doubt who asks, and for no more than you need."),
        error_messages={"required": _("Say which document you need, and what for.")},
    )


class MarkForm(forms.Form):
    """A part of a page in percent of it, and why it is withheld."""

    left = forms.FloatField(label=_("Left, %"), min_value=0, max_value=100)
    top = forms.FloatField(label=_("Top, %"), min_value=0, max_value=100)
    width = forms.FloatField(label=_("Width, %"), min_value=0.1, max_value=100)
    height = forms.FloatField(label=_("Height, %"), min_value=0.1, max_value=100)
    reason = forms.ChoiceField(
        label=_("Why it is withheld"),
        widget=UnfoldAdminSelectWidget(),
        error_messages={"required": _("Choose the reason why this part is withheld.")},
    )

    def __init__(self, *args: Any, case: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (each.code, f"{each.section}: {each.words}" if each.section else str(each.words)) for each in reasons(case)
        ]
        self.fields["reason"].choices = [("", _("Choose a reason")), *choices]  # type: ignore[attr-defined]
        for name in ("left", "top", "width", "height"):
            field = self.fields[name]
            field.widget = UnfoldAdminDecimalFieldWidget(attrs={"step": "any", "inputmode": "decimal"})
            field.widget.attrs |= {"autocomplete": "off"}

    @property
    def box(self) -> list[float]:
        """As parts of the page."""
        return [self.cleaned_data[name] / 100 for name in ("left", "top", "width", "height")]
