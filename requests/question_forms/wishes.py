"""What somebody wants, and in which words: the questions about the request itself."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from requests.errors import RequestInvalid
from requests.public_words import KINDS
from requests.question_forms.shape import QuestionForm, lines, one_of
from requests.references import read_reference
from requests.traits import PORTAL_KINDS


class KindForm(QuestionForm):
    template = "requests/kind.html"
    short, change = _("You want to"), _("what you want to do")
    kind = one_of(
        _("What do you want to do?"),
        [(kind.value, kind.label) for kind in PORTAL_KINDS],
        _("Choose what you want to do."),
    )

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return str(KINDS[said["kind"]][0])


class AboutForm(QuestionForm):
    short, change = _("Request you complain about"), _("which request you complain about")
    about = forms.CharField(
        label=_("Which request of yours is it about? (optional)"),
        help_text=_("Its reference is in every mail we sent you, and looks like PR-7F3K-92QD. Leave this empty if it "
                    "is about something else."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--reference", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_about(self) -> str:
        typed = self.cleaned_data["about"].strip()
        try:
            return read_reference(typed) if typed else ""
        except RequestInvalid as error:
            raise ValidationError(str(error)) from None


class ScopeForm(QuestionForm):
    short, change = _("Which data"), _("which data")
    scope = lines(
        _("Which data do you want? (optional)"),
        _("For example “invoices of 2025” or “since March”. Leave it empty to get everything we find."),
        rows=4,
    )


class DecisionForm(QuestionForm):
    short, change = _("The decision"), _("the decision")
    decision = lines(
        _("Which decision is it about?"),
        _("What was decided, when, and how you learned of it, for example “my plan was refused on 3 November”."),
        _("Describe the decision that shall be looked at."),
    )


class WrongForm(QuestionForm):
    short, change = _("What went wrong"), _("what went wrong")
    details = lines(
        _("What went wrong?"),
        _("Say in your own words what happened and, if you like, what should be done about it."),
        _("Say what went wrong."),
        rows=8,
    )


class AskedForm(QuestionForm):
    short, change = _("Your question"), _("your question")
    details = lines(
        _("What do you want to know?"),
        _("Ask in your own words. Do not write passwords or numbers of cards here."),
        _("Write your question."),
        rows=8,
    )


class DetailsForm(QuestionForm):
    short, change = _("What we should know"), _("what we should know")
    details = lines(
        _("Is there anything we should know? (optional)"),
        _("For example a customer number, or which data it is about. You need not give a reason."),
    )


class IrreversibleForm(QuestionForm):
    """No question: a page that is read before what cannot be undone."""

    template = "requests/irreversible.html"
    heading = _("Deleting cannot be undone")

    def given(self) -> dict[str, Any]:
        return {"warned": True}
