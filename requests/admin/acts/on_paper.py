"""Acts that write down what a person answered on paper or by telephone."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from privacy.law.enums import Cause
from requests.admin.acts.shape import Act
from requests.enums import RequestState as S
from requests.models import FeeState, SubjectRequest
from requests.services.intake import LONGEST_DETAILS
from requests.services.on_paper import record_fee_answer, record_reply

_ANSWERS = (
    (FeeState.ACCEPTED.value, _("Yes, go on")),
    (FeeState.CHANGED.value, _("Change the request")),
    (FeeState.DECLINED.value, _("No, do not go on")),
)


class FeeAnswerForm(forms.Form):
    """What the person said about the cost."""

    estimate_id = forms.ChoiceField(
        label=_("The estimate that they answered"),
        widget=UnfoldAdminSelectWidget(),
        error_messages={
            "invalid_choice": _("The estimate has changed since you opened this page. Check which one they answered."),
        },
    )
    answer = forms.ChoiceField(label=_("What the person said"), choices=_ANSWERS, widget=UnfoldAdminSelectWidget())
    details = forms.CharField(
        label=_("What they want instead"),
        required=False,
        max_length=LONGEST_DETAILS,
        help_text=_("Only if they change their request."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        told = case.fee_estimates.filter(answer=FeeState.ASKED)
        choices = [(str(each.pk), f"{each}, {date_format(each.estimated_on)}") for each in told]
        self.fields["estimate_id"].choices = choices  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """What the person replied."""

    text = forms.CharField(
        label=_("The reply, word for word"),
        max_length=LONGEST_DETAILS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)


def _waits(case: SubjectRequest, cause: Cause) -> bool:
    return cause.value in case.waiting_for.split()


ACTS = (
    Act(
        code="record_fee_answer",
        title=_("Record the answer about the fee"),
        explanation=(
            _("The person answered on paper or by telephone. Keep the slip with the case: add it as a file."),
            _("What follows is the same as if they had answered on their page; a no closes the case."),
        ),
        button=_("Record the answer"),
        done=_("The answer is recorded."),
        at=frozenset({S.RECEIVED, S.PLANNING, S.DECIDING}),
        form=FeeAnswerForm,
        submit=lambda case, officer, given: record_fee_answer(
            case=case,
            officer=officer,
            estimate_id=int(given["estimate_id"]),
            answer=FeeState(given["answer"]),
            details=given["details"],
        ),
        offered=lambda case: _waits(case, Cause.FEE) and case.fee_estimates.filter(answer=FeeState.ASKED).exists(),
    ),
    Act(
        code="record_reply",
        title=_("Record the person's reply"),
        explanation=(
            _("The person replied on paper or by telephone. The reply is added to what they wrote."),
            _("The question is answered by it: a clock that stood runs again from today."),
        ),
        button=_("Record the reply"),
        done=_("The reply is recorded."),
        at=frozenset({S.RECEIVED, S.PLANNING, S.DECIDING, S.AWAITING_APPROVAL, S.COOLING_OFF, S.EXECUTING}),
        form=ReplyForm,
        submit=lambda case, officer, given: record_reply(case=case, officer=officer, text=given["text"]),
        offered=lambda case: _waits(case, Cause.CLARIFICATION),
    ),
)
