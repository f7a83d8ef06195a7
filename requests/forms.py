"""The forms of the portal: one question each."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.documents.uploads import accept
from privacy.portal.forms import EmailField, PortalForm, TrapMixin
from requests.case_files.adding import KINDS_OF_PEOPLE
from requests.errors import RequestInvalid
from requests.references import read_reference
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME
from requests.traits import PORTAL_KINDS


class KindForm(PortalForm):
    kind = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=[(kind.value, kind.label) for kind in PORTAL_KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want to do."),
            "invalid_choice": _("Choose one of the things listed."),
        },
    )


class NameForm(PortalForm):
    name = forms.CharField(
        label=_("What is your full name?"),
        help_text=_("As the organisation knows you, so that your data is found."),
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("Enter your full name."),
            "max_length": _("Enter your name with %(limit_value)d characters at most."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class EmailForm(PortalForm):
    email = EmailField(
        label=_("What is your e-mail address?"),
        help_text=_(
            "Use the address that the organisation has. We send you a link to it, to make sure that it is you."
        ),
    )


class DetailsForm(PortalForm):
    details = forms.CharField(
        label=_("Is there anything we should know? (optional)"),
        help_text=_("For example a customer number, or which data it is about. You need not give a reason."),
        required=False,
        max_length=LONGEST_DETAILS,
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class SendForm(TrapMixin, PortalForm):
    """The last page: nothing to fill in but the trap."""

    def __init__(self, *args: object, too_fast: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._too_fast = too_fast

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


QUESTION_FORMS: dict[str, type[PortalForm]] = {
    "kind": KindForm,
    "name": NameForm,
    "email": EmailForm,
    "details": DetailsForm,
}
