"""Acts on the clocks of a case: more time, a fee, a question to the person."""

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.law.enums import Cause, Condition, ExtensionGround
from privacy.letters.words import day_words
from privacy.officers.models import Officer
from requests.admin.acts.shape import Act
from requests.clocks import rules_of
from requests.enums import RequestState as S
from requests.fee_rules import fee_terms
from requests.models import SubjectRequest
from requests.services.asking_back import LONGEST_QUESTION, ask_for_clarification, stop_waiting
from requests.services.extending import EXTENSION_GROUNDS, LONGEST_REASONS, extend_deadline, extendable
from requests.services.fees import LONGEST_WORK, estimate_fee, record_deposit, waive_fee

_OPEN = frozenset({S.RECEIVED, S.PLANNING, S.DECIDING})
_BEFORE_THE_END = _OPEN | {S.AWAITING_APPROVAL, S.COOLING_OFF, S.EXECUTING}
CONDITIONS = {
    Condition.ASKED_WITHOUT_DELAY: _("I ask without delay"),
    Condition.REASONABLE_DOUBT: _("there is reasonable doubt"),
}


class ExtendForm(forms.Form):
    """Under which law, for how long, on which ground, and why."""

    under = forms.ChoiceField(label=_("Law"), widget=UnfoldAdminSelectWidget())
    n = forms.IntegerField(
        label=_("By how many"), required=False, min_value=1, max_value=1000, widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Empty: as much as the law allows."),
    )  # fmt: skip
    ground = forms.ChoiceField(label=_("Ground"), required=False, widget=UnfoldAdminSelectWidget())
    permitted_by_authority = forms.BooleanField(
        label=_("The authority has permitted more than the law itself does"), required=False
    )
    reasons = forms.CharField(
        label=_("Reasons, as the person will read them"),
        max_length=LONGEST_REASONS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        offered = extendable(case)
        self.fields["under"].choices = [(each.rule.id, _extension_words(each)) for each in offered]  # type: ignore[attr-defined]
        grounds = [ground for each in offered if each.rule.extension for ground in each.rule.extension.grounds]
        named = [(ground.value, EXTENSION_GROUNDS[ground]) for ground in dict.fromkeys(grounds)]
        self.fields["ground"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        if not named:
            del self.fields["ground"]
        if not any(each.rule.extension and each.rule.extension.longer_with_permission for each in offered):
            del self.fields["permitted_by_authority"]


class FeeForm(forms.Form):
    """What it costs, and what for."""

    amount = forms.DecimalField(
        label=_("Estimated cost"), max_digits=9, decimal_places=2, min_value=0, widget=UnfoldAdminDecimalFieldWidget()
    )
    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3, widget=UnfoldAdminTextInputWidget(),
        help_text=_("Three letters, for example CAD or GHS."),
    )  # fmt: skip
    deposit = forms.DecimalField(
        label=_("To be paid before work begins"), required=False, max_digits=9, decimal_places=2, min_value=0,
        widget=UnfoldAdminDecimalFieldWidget(),
    )  # fmt: skip
    work = forms.CharField(
        label=_("What it is for, as the person will read it"),
        max_length=LONGEST_WORK,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    is_excessive = forms.BooleanField(
        label=_("The request is manifestly unfounded or excessive, and I can show why"), required=False
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        terms = fee_terms(case)
        if not terms.deposit:
            del self.fields["deposit"]
        if not terms.only_excessive:
            del self.fields["is_excessive"]


class QuestionForm(forms.Form):
    """What we want to know, and what the officer vouches for."""

    questions = forms.CharField(
        label=_("Your question, as the person will read it"),
        max_length=LONGEST_QUESTION,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )
    confirmed = forms.MultipleChoiceField(
        label=_("I confirm, so that the clock stands until they reply"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        stops = [stop for rule in rules_of(case.deadlines) for stop in rule.stops if stop.cause is Cause.CLARIFICATION]
        needed = dict.fromkeys(condition for stop in stops for condition in stop.needs)
        if not needed:
            del self.fields["confirmed"]
        else:
            self.fields["confirmed"].choices = [(each.value, CONDITIONS[each]) for each in needed]  # type: ignore[attr-defined]


def _extension_words(each: Any) -> str:
    extension = each.rule.extension
    span = extension.span
    unit = {
        "calendar_day": ngettext("%(n)d day", "%(n)d days", span.n),
        "business_day": ngettext("%(n)d business day", "%(n)d business days", span.n),
        "calendar_month": ngettext("%(n)d month", "%(n)d months", span.n),
    }[span.unit.value] % {"n": span.n}
    words = gettext("%(law)s: up to %(unit)s more; tell the person by %(day)s")
    return words % {"law": each.rule.citation, "unit": unit, "day": day_words(each.notice_by)}


def _extend(case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> object:
    ground = ExtensionGround(given["ground"]) if given.get("ground") else None
    return extend_deadline(
        case=case, officer=officer, under=given["under"], n=given["n"], ground=ground, reasons=given["reasons"],
        permitted_by_authority=given.get("permitted_by_authority", False),
    )  # fmt: skip


def _ask(case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> object:
    confirmed = [Condition(each) for each in given.get("confirmed", ())]
    return ask_for_clarification(case=case, officer=officer, questions=given["questions"], confirmed=confirmed)


def _waits(case: SubjectRequest, cause: Cause) -> bool:
    return cause.value in case.waiting_for.split()


ACTS = (
    Act(
        code="ask_person",
        title=_("Ask the person"),
        explanation=(
            _("The person gets a letter with your question, and answers on the page of their request."),
            _("Whether the clock stands meanwhile is said by the laws of this case; their page shows it."),
        ),
        button=_("Send the question"),
        done=_("The question is on its way."),
        at=_OPEN,
        form=QuestionForm,
        submit=_ask,
        letter="clarification",
        offered=lambda case: not _waits(case, Cause.CLARIFICATION),
    ),
    Act(
        code="stop_waiting",
        title=_("Go on without a reply"),
        explanation=(_("The clock runs again from today. A reply that comes later is still added to the case."),),
        button=_("Go on"),
        done=_("The clock runs again."),
        at=_BEFORE_THE_END,
        perform=lambda case, officer: stop_waiting(case=case, officer=officer),
        offered=lambda case: _waits(case, Cause.CLARIFICATION),
    ),
    Act(
        code="extend",
        title=_("Take more time"),
        explanation=(
            _("The person is told first, with the reasons, the new date, and their right to complain; the date moves."),
            _("The law lets you do this a limited number of times, and only while the first period runs."),
        ),
        button=_("Write to the person and move the date"),
        done=_("The letter is on its way, and the date has moved."),
        at=_BEFORE_THE_END,
        form=ExtendForm,
        submit=_extend,
        letter="extended",
        offered=lambda case: bool(extendable(case)),
    ),
    Act(
        code="estimate_fee",
        title=_("Estimate a fee"),
        explanation=(
            _("The person is told the cost and asked whether they want to go on, want less, or do not want to go on."),
            _("Do no work that costs money before they answer."),
        ),
        button=_("Send the estimate"),
        done=_("The estimate is on its way. The case waits for the person's answer."),
        at=_OPEN,
        form=FeeForm,
        submit=lambda case, officer, given: estimate_fee(case=case, officer=officer, **given),
        letter="fee_estimate",
        offered=lambda case: fee_terms(case).allowed and not _waits(case, Cause.FEE),
    ),
    Act(
        code="waive_fee",
        title=_("Waive the fee"),
        explanation=(_("The request goes on without a fee, and the clock runs again."),),
        button=_("Waive the fee"),
        done=_("The fee is waived."),
        at=_OPEN,
        perform=lambda case, officer: waive_fee(case=case, officer=officer),
        offered=lambda case: _waits(case, Cause.FEE),
    ),
    Act(
        code="record_deposit",
        title=_("Record the deposit"),
        explanation=(_("The deposit that the person was asked for has come. The clock runs again."),),
        button=_("The deposit has come"),
        done=_("Recorded. The clock runs again."),
        at=_OPEN,
        perform=lambda case, officer: record_deposit(case=case, officer=officer),
        offered=lambda case: _waits(case, Cause.FEE) and case.fee_estimates.filter(answer="accepted").exists(),
    ),
)
