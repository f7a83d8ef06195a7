"""The forms of the questions: one page each. `QUESTION_FORMS` has them by the codes of `requests.questions`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.portal.forms import EmailField, PortalForm
from requests.enums import RequestKind
from requests.errors import RequestInvalid
from requests.models import AuthorityKind
from requests.places import place_choices, place_name
from requests.public_words import KINDS
from requests.purposes import Choosable, choosable_purposes, purpose_titles
from requests.references import read_reference
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME
from requests.traits import PORTAL_KINDS

LONGEST_VALUE = 2_000
MOST_CHANGES = 5
Words = Any  # text, or text that is translated when shown: the stubs of Django have no public name for both

_TOO_LONG = _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")


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

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        """The answer in words, lines apart; empty when there is none."""
        return str(said[next(iter(cls.base_fields))])


def _lines(label: Words, hint: Words, missing: Words | None = None, rows: int = 6) -> forms.CharField:
    """A text of several lines; optional without a message for a missing one."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=missing is not None,
        max_length=LONGEST_DETAILS,
        error_messages={"required": missing or "", "max_length": _TOO_LONG},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _one_of(label: Words, choices: Any, missing: Words | None, hint: Words = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=missing is not None,
        widget=forms.RadioSelect,
        error_messages={"required": missing or "", "invalid_choice": _("Choose one of the things listed.")},
    )


class KindForm(QuestionForm):
    template = "requests/kind.html"
    short, change = _("You want to"), _("what you want to do")
    kind = _one_of(
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


class BehalfForm(QuestionForm):
    template = "requests/behalf.html"
    short, change = _("You ask for"), _("for whom you ask")
    CHOICES = (
        ("self", _("For myself"), _("It is about my own data.")),
        ("other", _("For somebody else"), _("I am a parent, guardian, lawyer or somebody they have authorised.")),
    )
    behalf = _one_of(
        _("For whom do you ask?"),
        [(code, title) for code, title, _words in CHOICES],
        _("Choose for whom you ask."),
    )

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return gettext("yourself") if said["behalf"] == "self" else gettext("somebody else")


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

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return place_name(said["residence"])


def _name(label: Words, hint: Words) -> forms.CharField:
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


class NameForm(QuestionForm):
    short, change = _("Full name"), _("the name")
    of_another = {
        "name": (
            _("What is the full name of the person you ask for?"),
            _("As the organisation knows them, so that their data is found."),
        )
    }
    name = _name(_("What is your full name?"), _("As the organisation knows you, so that your data is found."))

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


class ScopeForm(QuestionForm):
    short, change = _("Which data"), _("which data")
    scope = _lines(
        _("Which data do you want? (optional)"),
        _("For example “invoices of 2025” or “since March”. Leave it empty to get everything we find."),
        rows=4,
    )


class DecisionForm(QuestionForm):
    short, change = _("The decision"), _("the decision")
    decision = _lines(
        _("Which decision is it about?"),
        _("What was decided, when, and how you learned of it, for example “my plan was refused on 3 November”."),
        _("Describe the decision that shall be looked at."),
    )


class WrongForm(QuestionForm):
    short, change = _("What went wrong"), _("what went wrong")
    details = _lines(
        _("What went wrong?"),
        _("Say in your own words what happened and, if you like, what should be done about it."),
        _("Say what went wrong."),
        rows=8,
    )


class AskedForm(QuestionForm):
    short, change = _("Your question"), _("your question")
    details = _lines(
        _("What do you want to know?"),
        _("Ask in your own words. Do not write passwords or numbers of cards here."),
        _("Write your question."),
        rows=8,
    )


class DetailsForm(QuestionForm):
    short, change = _("What we should know"), _("what we should know")
    details = _lines(
        _("Is there anything we should know? (optional)"),
        _("For example a customer number, or which data it is about. You need not give a reason."),
    )


_GOES_FIRST = _("The data of a child or young person goes first: we work on it before anything else.")


class MinorForm(QuestionForm):
    template = "requests/choices.html"
    short, change = _("Under 18"), _("the age")
    of_another = {"is_minor": (_("Is the person under 18? (optional)"), _GOES_FIRST)}
    is_minor = _one_of(
        _("Are you under 18? (optional)"),
        [("yes", _("Yes")), ("no", _("No"))],
        None,
        _GOES_FIRST,
    )

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return {"yes": gettext("Yes: this is urgent"), "no": gettext("No")}.get(said["is_minor"], "")


class RepresentativeForm(QuestionForm):
    template = "requests/representative.html"
    short, change = _("Who asks"), _("who asks")
    heading = _("Who are you?")
    representative_name = _name(_("Your full name"), "")
    representative_email = EmailField(
        label=_("Your e-mail address"), help_text=_("Our mails about the request go here.")
    )
    representative_authority = _one_of(
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


class PurposesForm(QuestionForm):
    template = "requests/purposes.html"
    short, change = _("Which uses"), _("which uses")
    purposes = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the uses listed.")},
    )
    everything = forms.BooleanField(required=False, label=_("All of them"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_objection = self.said.get("kind") == RequestKind.OBJECTION
        self.choosable: list[Choosable] = choosable_purposes(str(self.said.get("kind")))
        field = self.fields["purposes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.code, each.title) for each in self.choosable]
        field.label = (
            _("Which use of your data do you object to?")
            if self.is_objection
            else _("Which use of your data shall stop for now?")
        )

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data["purposes"] and not self.cleaned_data["everything"]:
            self.add_error("purposes", _("Choose at least one use, or all of them."))

    def given(self) -> dict[str, Any]:
        everything = bool(self.cleaned_data["everything"])
        return {"purposes": [] if everything else self.cleaned_data["purposes"], "everything": everything}

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return gettext("all of them") if said["everything"] else "\n".join(purpose_titles(said["purposes"]))


class ChangesForm(QuestionForm):
    """Up to five corrections; a button adds room for another one without a script."""

    template = "requests/changes.html"
    short, change = _("Corrections"), _("the corrections")
    heading = _("What is wrong, and what should it say?")
    PARTS = (
        ("what", _("What it is about"), _("For example “address” or “date of birth”.")),
        ("old", _("What it says now (optional)"), _("Leave this empty if something is missing.")),
        ("new", _("What it should say"), ""),
    )

    def __init__(self, *args: Any, places: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.initial.get("changes") or []
        asked = places or (self._number(self.data) if self.is_bound else len(stored))
        self.places = min(max(asked, 1), MOST_CHANGES)
        for place in range(self.places):
            for part, label, hint in self.PARTS:
                self.fields[f"{part}_{place}"] = forms.CharField(
                    label=label, help_text=hint, required=False, max_length=LONGEST_VALUE,
                    error_messages={"max_length": _TOO_LONG},
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )  # fmt: skip
        for place, each in enumerate(stored):
            self.initial.update({f"{part}_{place}": each.get(part, "") for part, _label, _hint in self.PARTS})

    @staticmethod
    def _number(data: Mapping[str, Any]) -> int:
        given = str(data.get("places", ""))
        return int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 1

    @classmethod
    def drawn_again(cls, data: Mapping[str, Any], said: Mapping[str, Any]) -> Self | None:
        if "another" not in data:
            return None
        kept = {name: str(data[name]) for name in data if name.partition("_")[0] in ("what", "old", "new")}
        return cls(said=said, initial=kept, places=cls._number(data) + 1)

    @property
    def rooms(self) -> list[list[forms.BoundField]]:
        """The fields of each correction."""
        return [[self[f"{part}_{place}"] for part, _label, _hint in self.PARTS] for place in range(self.places)]

    @property
    def may_have_another(self) -> bool:
        return self.places < MOST_CHANGES

    def clean(self) -> None:
        for place in range(self.places):
            what, old, new = (self.cleaned_data.get(f"{part}_{place}", "") for part in ("what", "old", "new"))
            if place and not (what or old or new):
                continue
            if not what and f"what_{place}" not in self.errors:
                self.add_error(f"what_{place}", self._of(place, _("Say what is to be corrected.")))
            if not new and f"new_{place}" not in self.errors:
                self.add_error(f"new_{place}", self._of(place, _("Say what it should say.")))

    def _of(self, place: int, words: Words) -> str:
        """Words that name the correction they are about where there are several."""
        if self.places == 1:
            return str(words)
        return gettext("Correction %(n)d: %(words)s") % {"n": place + 1, "words": words}

    def given(self) -> dict[str, Any]:
        found = [
            {part: self.cleaned_data[f"{part}_{place}"] for part in ("what", "old", "new")}
            for place in range(self.places)
        ]
        return {"changes": [each for each in found if each["what"]]}

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return "\n".join(change_in_words(each) for each in said["changes"])


def change_in_words(change: Mapping[str, Any]) -> str:
    """A correction that somebody wants: `what`, `old` (may be empty), `new`."""
    parts = {part: str(change.get(part) or "") for part in ("what", "old", "new")}
    words = gettext("%(what)s: “%(new)s” instead of “%(old)s”") if parts["old"] else gettext("%(what)s: “%(new)s”")
    return words % parts


class IrreversibleForm(QuestionForm):
    """No question: a page that is read before what cannot be undone."""

    template = "requests/irreversible.html"
    heading = _("Deleting cannot be undone")

    def given(self) -> dict[str, Any]:
        return {"warned": True}


QUESTION_FORMS: dict[str, type[QuestionForm]] = {
    "kind": KindForm,
    "about": AboutForm,
    "behalf": BehalfForm,
    "representative": RepresentativeForm,
    "residence": ResidenceForm,
    "name": NameForm,
    "email": EmailForm,
    "scope": ScopeForm,
    "changes": ChangesForm,
    "purposes": PurposesForm,
    "decision": DecisionForm,
    "wrong": WrongForm,
    "question": AskedForm,
    "minor": MinorForm,
    "details": DetailsForm,
    "irreversible": IrreversibleForm,
}
