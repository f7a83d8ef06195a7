"""Who asks, for whom, and where the person is found: the questions about people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.portal.forms import EmailField
from privacy.register.selectors import local_date
from requests.clocks import clocks_at_receipt
from requests.enums import RequestKind
from requests.models import AuthorityKind
from requests.places import place_choices, place_name
from requests.question_forms.shape import QuestionForm, full_name, one_of


class BehalfForm(QuestionForm):
    template = "requests/behalf.html"
    short, change = _("You ask for"), _("for whom you ask")
    CHOICES = (
        ("self", _("For myself"), _("It is about my own data.")),
        ("other", _("For somebody else"), _("I am a parent, guardian, lawyer or somebody they have authorised.")),
    )
    behalf = one_of(
        _("For whom do you ask?"),
        [(code, title) for code, title, _words in CHOICES],
        _("Choose for whom you ask."),
    )

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return gettext("yourself") if said["behalf"] == "self" else gettext("somebody else")


class RepresentativeForm(QuestionForm):
    template = "requests/representative.html"
    short, change = _("Who asks"), _("who asks")
    heading = _("Who are you?")
    representative_name = full_name(_("Your full name"), "")
    representative_email = EmailField(
        label=_("Your e-mail address"), help_text=_("Our mails about the request go here.")
    )
    representative_authority = one_of(
        _("By what right do you ask?"),
        [
            (AuthorityKind.GUARDIAN, _("I am a parent or guardian")),
            (AuthorityKind.WRITTEN, _("I have a written authority, signed by the person")),
            (AuthorityKind.POWER_OF_ATTORNEY, _("I have a power of attorney")),
            (AuthorityKind.LAWYER, _("I am a lawyer who acts for the person")),
            (AuthorityKind.OTHER, _("Something else")),
        ],
        _("Choose by what right you ask for somebody else."),
    )

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        rights = dict(cls.base_fields["representative_authority"].choices)  # type: ignore[attr-defined]
        right = str(rights[said["representative_authority"]])
        return "\n".join((said["representative_name"], said["representative_email"], right))


class ResidenceForm(QuestionForm):
    template = "requests/residence.html"
    short, change = _("Residence"), _("the residence")
    of_another = {
        "residence": (
            _("Where does the person live? (optional)"),
            _("Laws differ. It does not decide whether we answer."),
        )
    }
    residence = forms.ChoiceField(
        label=_("Where do you live? (optional)"),
        help_text=_("Laws differ. It does not decide whether we answer you."),
        choices=place_choices,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the places listed.")},
    )

    @property
    def answer_by(self) -> date | None:
        """The last day to answer a request that is sent today; None for a complaint, of which the first day is another.

        The laws are those of the organisation, so the residence does not move it.
        """
        kind = str(self.said.get("kind"))
        if kind == RequestKind.COMPLAINT:
            return None
        return clocks_at_receipt(kind=kind, received_on=local_date(timezone.now())).due_on

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return place_name(said["residence"])


class NameForm(QuestionForm):
    short, change = _("Full name"), _("the name")
    of_another = {
        "name": (
            _("What is the full name of the person you ask for?"),
            _("As the organisation knows them, so that their data is found."),
        )
    }
    name = full_name(_("What is your full name?"), _("As the organisation knows you, so that your data is found."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.said.get("behalf") == "other":
            self.fields["name"].widget.attrs["autocomplete"] = "off"
            self.fields["name"].error_messages["required"] = _("Enter the full name of the person.")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class EmailForm(QuestionForm):
    short, change = _("E-mail address"), _("the e-mail address")
    of_another = {
        "email": (
            _("What is the e-mail address of the person you ask for?"),
            _("The one that the organisation has, so that their data is found. Our mails go to your own address."),
        )
    }
    email = EmailField(
        label=_("What is your e-mail address?"),
        help_text=_(
            "Use the address that the organisation has. We send you a link to it, to make sure that it is you."
        ),
    )


_GOES_FIRST = _("The data of a child or young person goes first: we work on it before anything else.")


class MinorForm(QuestionForm):
    template = "requests/choices.html"
    short, change = _("Under 18"), _("the age")
    of_another = {"is_minor": (_("Is the person under 18? (optional)"), _GOES_FIRST)}
    is_minor = one_of(
        _("Are you under 18? (optional)"),
        [("yes", _("Yes")), ("no", _("No"))],
        None,
        _GOES_FIRST,
    )

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return {"yes": gettext("Yes: this is urgent"), "no": gettext("No")}.get(said["is_minor"], "")
