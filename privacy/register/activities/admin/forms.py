"""Forms of the record: an activity, its next review, and what is done without consent."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.register.activities.errors import ReviewInvalid
from privacy.register.activities.models import ProcessingActivity
from privacy.register.activities.reviews import check_review
from privacy.register.activities.without_consent import Statement
from privacy.register.admin_fields import DayInput, LinesField, say_plainly
from privacy.register.categories import DISCLOSABLE
from privacy.register.models import GroundWithoutConsent, Purpose
from privacy.register.selectors import local_date

_KINDS = [(each.value, each.label) for each in DISCLOSABLE]


def review_day(day: date) -> date:
    """A next review as forms take it; what the service refuses becomes a message."""
    try:
        check_review(day)
    except ReviewInvalid as error:
        raise ValidationError(str(error)) from None
    return day


def _purpose_words(purpose: Purpose) -> str:
    """A purpose as it is offered; one that the policy rules out says so."""
    return f"{purpose} ({_('promised never to be done')})" if purpose.is_prohibited else str(purpose)


class ActivityForm(ModelForm):
    """What may be filled later can stay empty; the list of what is to be checked names it."""

    subject_groups = LinesField(
        label=gettext_lazy("Groups of people"),
        help_text=gettext_lazy("One on each line, for example customers, applicants, visitors."),
    )
    data_categories = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of data"), choices=_KINDS, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    special_categories = LinesField(
        label=gettext_lazy("Special categories"),
        help_text=gettext_lazy("Sensitive kinds of data, one on each line; usually none."),
        required=False,
    )
    sources = LinesField(
        label=gettext_lazy("Where the data comes from"), help_text=gettext_lazy("One on each line."), required=False
    )

    class Meta:
        model = ProcessingActivity
        fields = (
            "name", "description", "owner", "purposes", "interests", "subject_groups", "data_categories",
            "special_categories", "special_condition", "sources", "recipients", "retention", "security",
            "is_automated", "decision_logic", "impact_assessment", "joint_controllers", "review_on", "ended_on",
        )  # fmt: skip
        widgets = {
            "purposes": UnfoldAdminCheckboxSelectMultipleWidget(),
            "recipients": UnfoldAdminCheckboxSelectMultipleWidget(),
            **{
                name: UnfoldAdminTextareaWidget(attrs={"rows": 4})
                for name in ("description", "interests", "retention", "security", "decision_logic", "joint_controllers")
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        if "purposes" in self.fields:
            self.fields["purposes"].label_from_instance = _purpose_words  # type: ignore[attr-defined]

    def clean_review_on(self) -> date:
        """A day that is due already may stay while other parts are changed; a new one lies ahead."""
        day: date = self.cleaned_data["review_on"]
        return day if "review_on" not in self.changed_data else review_day(day)

    def clean_purposes(self) -> Any:
        """One that was prohibited later may stay until it is taken out, and is named among what is to be checked."""
        purposes = self.cleaned_data["purposes"]
        known = set() if self.instance._state.adding else set(self.instance.purposes.values_list("pk", flat=True))
        if refused := [str(each) for each in purposes if each.is_prohibited and each.pk not in known]:
            words = _("The policy promises never to do this: %(names)s.")
            raise ValidationError(words % {"names": ", ".join(refused)})
        return purposes

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("is_automated") and not given.get("decision_logic"):
            self.add_error("decision_logic", _("Say in plain words how it decides, and what follows for the person."))
        return given


class NextReviewForm(forms.Form):
    review_on = forms.DateField(
        label=gettext_lazy("Next review"),
        widget=DayInput(),
        help_text=gettext_lazy("A year from now at the latest."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)

    def clean_review_on(self) -> date:
        return review_day(self.cleaned_data["review_on"])


class WithoutConsentForm(forms.Form):
    """What is to be done though nobody was asked."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=GroundWithoutConsent.choices, widget=UnfoldAdminSelectWidget()
    )
    authority = forms.CharField(
        label=gettext_lazy("Provision, order or file"),
        max_length=120,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("On what it rests, without anything that names a person."),
    )
    what = forms.CharField(
        label=gettext_lazy("What is done"),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("Kept encrypted. Name people only where nothing else says what is meant."),
    )
    about_whom = forms.CharField(
        label=gettext_lazy("About whom"),
        max_length=120,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("A group of people, for example debtors, or one customer."),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of data"), choices=_KINDS, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    purpose = forms.ModelChoiceField(
        label=gettext_lazy("Purpose"),
        queryset=Purpose.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("If it belongs to a purpose of the register."),
    )
    begins_on = forms.DateField(label=gettext_lazy("Begins on"), widget=DayInput())
    review_on = forms.DateField(
        label=gettext_lazy("Review on"),
        widget=DayInput(),
        help_text=gettext_lazy("The officers are told on this day. A year from now at the latest."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"begins_on": local_date(timezone.now())})
        self.fields["purpose"].queryset = Purpose.objects.filter(is_prohibited=False)  # type: ignore[attr-defined]
        say_plainly(self.fields)

    def statement(self) -> Statement:
        """What the valid form states."""
        return Statement(**self.cleaned_data)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept encrypted with the entry."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)


class EndForm(forms.Form):
    ended_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    reason = forms.CharField(
        label=gettext_lazy("Why it ended"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept encrypted with the entry."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"ended_on": local_date(timezone.now())})
        say_plainly(self.fields)
