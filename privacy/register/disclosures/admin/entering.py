"""Entering one disclosure by hand.

Danger: an address typed to name the person ends up in an address bar, and a typing error makes a person who is none.
Rule: it is posted and looked up through the keyed index. Whoever is not known yet is added only after the officer has
said so.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from privacy.register.admin_fields import DayInput, say_plainly
from privacy.register.categories import DISCLOSABLE
from privacy.register.disclosures.checking import LONGEST
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import GroundWithoutConsent, Means, Purpose, Recipient, VoidReason
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, masked, normalise
from privacy.subjects.models import Subject
from privacy.subjects.people import Person, find

FIELDS_OF_REFUSALS = {"subject": "identifier"}


class DisclosureForm(forms.Form):
    """What was disclosed, about whom and to whom."""

    prefix = "disclosure"

    kind = forms.ChoiceField(
        label=gettext_lazy("The person is known by"), choices=IdentifierKind.choices, widget=UnfoldAdminSelectWidget()
    )
    identifier = forms.CharField(
        label=gettext_lazy("E-mail address, phone or customer number"),
        max_length=320,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    add_person = forms.BooleanField(
        label=gettext_lazy("I have checked the spelling: add this person"), required=False, widget=UnfoldBooleanWidget()
    )
    recipient = forms.ModelChoiceField(
        label=gettext_lazy("Recipient"), queryset=Recipient.objects.none(), widget=UnfoldAdminSelectWidget()
    )
    disclosed_on = forms.DateField(label=gettext_lazy("Disclosed on"), widget=DayInput())
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of data"),
        choices=[(each.value, each.label) for each in DISCLOSABLE],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    purpose = forms.ModelChoiceField(
        label=gettext_lazy("Purpose"), queryset=Purpose.objects.none(), widget=UnfoldAdminSelectWidget()
    )
    means = forms.ChoiceField(label=gettext_lazy("How"), choices=Means.choices, widget=UnfoldAdminSelectWidget())
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground without consent"),
        choices=[("", gettext_lazy("none: the person was told of the purpose")), *GroundWithoutConsent.choices],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    authority = forms.CharField(
        label=gettext_lazy("Provision, order or file"),
        max_length=LONGEST["authority"],
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("With a ground: on what it rests, without anything that names a person."),
    )
    approver = forms.CharField(
        label=gettext_lazy("Approved by"),
        max_length=LONGEST["approver"],
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("With a ground: the name of whoever approved."),
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("A law forbids telling the person"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=gettext_lazy("It then stays out of their access package."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=LONGEST["reference"],
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Your own number of it. The same one is never stored twice."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST["note"],
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept encrypted, and deleted when the person's data is erased."),
    )

    def __init__(self, data: Any = None, *, subject: Subject | None = None) -> None:
        """subject: the person, where an officer came from a page about them; then nothing is typed to name them."""
        super().__init__(data, initial={"disclosed_on": local_date(timezone.now())})
        self.subject = subject
        self.unknown = False
        self.fields["recipient"].queryset = Recipient.objects.all()  # type: ignore[attr-defined]
        self.fields["purpose"].queryset = Purpose.objects.filter(is_prohibited=False)  # type: ignore[attr-defined]
        say_plainly(self.fields)
        if subject is not None:
            for name in ("kind", "identifier", "add_person"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.subject is None and given.get("identifier") and given.get("kind"):
            try:
                person = Person.known_by(given["kind"], normalise(given["kind"], given["identifier"]))
            except IdentifierInvalid as error:
                self.add_error("identifier", str(error))
                return given
            given["person"] = person
            self.unknown = not find([person])
            if self.unknown and not given.get("add_person"):
                words = _("Nobody is known under this. Check the spelling; if it is right, tick the box below.")
                self.add_error("identifier", ValidationError(words))
        return given

    def statement(self) -> DisclosureStatement:
        """What the valid form states."""
        given = self.cleaned_data
        return DisclosureStatement(
            subject_id=self.subject.pk if self.subject is not None else None,
            person=given.get("person"),
            recipient=given["recipient"].name,
            purpose=given["purpose"].code,
            disclosed_on=given["disclosed_on"],
            categories=given["categories"],
            means=given["means"],
            ground=given["ground"],
            authority=given["authority"],
            approver=given["approver"],
            is_secret=given["is_secret"],
            reference=given["reference"],
            note=given["note"],
        )


class VoidForm(forms.Form):
    """Why an entry is wrong."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it"), choices=VoidReason.choices, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)


def subject_named(text: str | None) -> Subject | None:
    """The person whom a link names by an opaque number; None for anything else."""
    try:
        return Subject.objects.filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None


def shown_as(subject: Subject) -> str:
    return ", ".join(masked(each.kind, each.value) for each in subject.identifiers.all()) or "–"
