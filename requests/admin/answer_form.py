"""The form by which an officer answers in words; what it asks for follows from the kind of the case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import identifier_of
from requests.enums import Outcome, RequestKind
from requests.models import SubjectRequest
from requests.services.answering import LONGEST_ANSWER, OUTCOMES, AnswerGiven, decision_asked_about

_LABELS = {
    RequestKind.QUESTION: _("Answer, as the person will read it"),
    RequestKind.COMPLAINT: _("What was found, as the person will read it"),
    RequestKind.RECONSIDERATION: _("Reasons, as the person will read them"),
}
_YES, _NO = "yes", "no"


def _area(label: Any, rows: int, *, required: bool = True) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": rows, "class": "pd-wide"})
    return forms.CharField(
        label=label, required=required, max_length=LONGEST_ANSWER, widget=widget,
        error_messages={"required": _("Write this down: the person reads it in the letter.")},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """All fields that any kind has; those that this kind has not are taken out."""

    outcome = forms.ChoiceField(
        label=_("Is the complaint right?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the complaint is right.")},
    )  # fmt: skip
    decision = _area(_("Which decision it is about; the person did not say"), 2)
    is_changed = forms.ChoiceField(
        label=_("Is the decision changed?"), widget=forms.RadioSelect,
        choices=[(_YES, _("Yes, it is another one now")), (_NO, _("No, it stays as it is"))],
        error_messages={"required": _("Choose whether the decision is changed.")},
    )  # fmt: skip
    new_decision = _area(_("The new decision, if it is changed"), 3, required=False)
    text = _area("", 10)
    measures = forms.MultipleChoiceField(
        label=_("Measures that the person is told"), required=False, widget=forms.CheckboxSelectMultiple
    )
    took_no_part = forms.BooleanField(
        label=_("I had no part in this decision, and looked at it myself"),
        error_messages={"required": _("Confirm this, or leave the answer to somebody who can.")},
    )
    told_otherwise = forms.BooleanField(label=_("There is no e-mail address: I told the person on paper or by phone"))

    def __init__(self, case: SubjectRequest, data: Any = None) -> None:
        super().__init__(data)
        kind = RequestKind(case.kind)
        self.fields["text"].label = _LABELS[kind]
        outcomes = [(each.value, Outcome(each).label.capitalize()) for each in OUTCOMES[kind]]
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]
        measures = [(str(each.pk), each.text) for each in case.measures.all()] if kind == RequestKind.COMPLAINT else []
        self.fields["measures"].choices = measures  # type: ignore[attr-defined]
        self.fields["measures"].initial = [code for code, _text in measures]
        not_asked = {
            "outcome": len(outcomes) == 1,
            "decision": kind != RequestKind.RECONSIDERATION or bool(decision_asked_about(case)),
            "is_changed": kind != RequestKind.RECONSIDERATION,
            "new_decision": kind != RequestKind.RECONSIDERATION,
            "took_no_part": kind != RequestKind.RECONSIDERATION,
            "measures": not measures,
            "told_otherwise": identifier_of(case.subject, IdentifierKind.EMAIL) is not None,
        }
        for name in [name for name, gone in not_asked.items() if gone]:
            del self.fields[name]
        self._only = outcomes[0][0]

    def given(self, *, for_preview: bool = False) -> AnswerGiven:
        """What was answered; of a form that is not valid, as far as it goes."""
        of = self.cleaned_data
        changed = of.get("is_changed")
        return AnswerGiven(
            outcome=Outcome(of.get("outcome") or self._only),
            text=of.get("text", ""),
            measures=[int(each) for each in of.get("measures", ())],
            decision=of.get("decision", ""),
            is_changed=None if not changed else changed == _YES,
            new_decision=of.get("new_decision", ""),
            took_no_part=for_preview or of.get("took_no_part", False),
            told_otherwise=of.get("told_otherwise", False),
        )
