"""What the form of every question has, and the fields that several of them have."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.portal.forms import PortalForm
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME

Words = Any  # text, or text that is translated when shown: the stubs of Django have no public name for both

_WRITTEN_IN = (forms.TextInput, forms.Textarea)
TOO_LONG = _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")


class QuestionForm(PortalForm):
    """One question.

    Attributes:
        template: of its page.
        short: what the answer is called where all answers are checked.
        change: the same after the word "change".
        of_another: labels and hints in place of the usual ones where somebody asks for another person.
    """

    template: ClassVar[str] = "requests/question.html"
    short: ClassVar[Words] = ""
    change: ClassVar[Words] = ""
    of_another: ClassVar[Mapping[str, tuple[Words, Words]]] = {}

    def __init__(self, *args: Any, said: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = said
        if said.get("behalf") == "other":
            for name, (label, hint) in self.of_another.items():
                self.fields[name].label, self.fields[name].help_text = label, hint

    @classmethod
    def drawn_again(cls, _data: Mapping[str, Any], _said: Mapping[str, Any]) -> Self | None:
        """The form as it is shown after a button that does not answer; None after the one that does."""
        return None

    @property
    def heading(self) -> Words:
        """The question, as heading and title of the page."""
        return next(iter(self.fields.values())).label or ""

    @property
    def only_field(self) -> forms.BoundField:
        """The field of a page that has one."""
        return self[next(iter(self.fields))]

    def given(self) -> dict[str, Any]:
        """The answer as it is kept; JSON."""
        return self.cleaned_data

    @property
    def holds_words(self) -> bool:
        """Whether somebody wrote something into it, which is more than a choice."""
        written = [self[name] for name, field in self.fields.items() if isinstance(field.widget, _WRITTEN_IN)]
        return any(str(each.value() or "").strip() for each in written)

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        """The answer in words, lines apart; empty when there is none."""
        return str(said[next(iter(cls.base_fields))])


def lines(label: Words, hint: Words, missing: Words | None = None, rows: int = 6) -> forms.CharField:
    """A text of several lines; optional without a message for a missing one."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=missing is not None,
        max_length=LONGEST_DETAILS,
        error_messages={"required": missing or "", "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def one_of(label: Words, choices: Any, missing: Words | None, hint: Words = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=missing is not None,
        widget=forms.RadioSelect,
        error_messages={"required": missing or "", "invalid_choice": _("Choose one of the things listed.")},
    )


def full_name(label: Words, hint: Words) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("Enter your full name."),
            "max_length": _("Enter your name with %(limit_value)d characters at most."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
