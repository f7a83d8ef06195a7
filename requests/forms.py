"""The forms of the portal about requests, but for the questions (`question_forms`)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.documents.uploads import accept
from privacy.portal.forms import EmailField, PortalForm, TrapMixin
from requests.case_files.adding import KINDS_OF_PEOPLE
from requests.errors import RequestInvalid
from requests.references import read_reference


class SendForm(TrapMixin, PortalForm):
    """The last page: the language of our letters, and the trap.

    preferred: the language that is chosen until the visitor chooses another.
    """

    language = forms.ChoiceField(
        label=_("In which language should we write to you?"),
        help_text=_("Our mails about this request are in it. This website is in English only."),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the languages listed.")},
    )

    def __init__(
        self, *args: Any, preferred: str, languages: list[tuple[str, str]], too_fast: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"language": preferred}, **kwargs)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self._too_fast, self._preferred = too_fast, preferred

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self._preferred

    def clean(self) -> None:
        if self._too_fast:
            raise ValidationError(
                _("That was faster than people usually are. Check your answers, wait some seconds and send again.")
            )


class TrackForm(TrapMixin, PortalForm):
    reference = forms.CharField(
        label=_("Reference of your request"),
        help_text=_("It is in every mail we sent you, and looks like PR-7F3K-92QD."),
        max_length=40,
        error_messages={"required": _("Enter the reference of your request.")},
        widget=forms.TextInput(attrs={"class": "input--reference", "autocomplete": "off", "spellcheck": "false"}),
    )
    email = EmailField(help_text=_("The one you used for the request."))

    def clean_reference(self) -> str:
        try:
            return read_reference(self.cleaned_data["reference"])
        except RequestInvalid as error:
            raise ValidationError(str(error)) from None


class UploadForm(PortalForm):
    file = forms.FileField(
        label=_("Choose a file"),
        help_text=_("A PDF, or a photo as JPG or PNG; 25 MB at most."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": accept(KINDS_OF_PEOPLE)}),
        error_messages={
            "required": _("Choose the file that you want to send."),
            "invalid": _("Choose the file that you want to send."),
        },
    )
