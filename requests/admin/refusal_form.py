"""Saying no: a ground that the law knows, and the reasons in the officer's own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from requests.admin.decision_form import evidence_hint, ground_label, offered_by
from requests.deciding.found import can_be_severed, found_lines
from requests.errors import DecisionInvalid
from requests.models import SubjectRequest
from requests.services import refusal_grounds


class RefusalForm(forms.Form):
    """Both answers go into the letter to the person."""

    ground = forms.ChoiceField(
        label=_("Ground in law"), widget=UnfoldAdminSelectWidget(), error_messages={"required": _("Choose a ground.")}
    )
    text = forms.CharField(
        label=_("Reasons, as the person will read them"),
        help_text=_(
            "Say what you refuse, why, and what the person can have instead. The letter adds the ground in law and who "
            "hears complaints."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        max_length=5000,
        error_messages={"required": _("Write down the reasons: the person is told them in the letter.")},
    )
    nothing_severable = forms.BooleanField(
        label=_("I have looked: nothing of it can be given without the part that must be left out"),
        help_text=_("Needed where the law wants given what can be given without the rest."),
        required=False,
    )
    alternatives = forms.MultipleChoiceField(
        label=_("Offered instead"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    own_alternative = forms.CharField(
        label=_("Offered instead, in your own words"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget(),
    )
    waited_from = forms.DateField(
        label=_("Those who may object were told on"),
        help_text=_("Needed where the law wants a wait before the decision."),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    authority_notified_on = forms.DateField(
        label=_("The authority was told on"),
        help_text=_("Where the law wants it told. It can be written down later as well, on the page of the case."),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )

    def __init__(self, given: Any = None, *, case: SubjectRequest) -> None:
        super().__init__(given)
        grounds = refusal_grounds(case)
        choices = [(ground.code, ground_label(ground)) for ground in grounds]
        self.fields["ground"].choices = [("", _("Choose a ground")), *choices]  # type: ignore[attr-defined]
        self.fields["alternatives"].choices = offered_by(grounds)  # type: ignore[attr-defined]
        reasons = self.fields["text"]
        reasons.help_text = f"{reasons.help_text} {evidence_hint(grounds)}".strip()
        if not any(ground.must_sever for ground in grounds) or not can_be_severed(found_lines(case)):
            del self.fields["nothing_severable"]
        if not any(ground.wait for ground in grounds):
            del self.fields["waited_from"]
        if not any(ground.notify_authority for ground in grounds):
            del self.fields["authority_notified_on"]

    def blame(self, error: DecisionInvalid) -> None:
        """Show what the service found wrong where it is wrong."""
        for each in error.problems:
            name = "text" if each.field == "reasons" else each.field
            self.add_error(name if name in self.fields else None, each.words)
