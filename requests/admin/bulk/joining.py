"""Marking cases as duplicates of another."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from privacy.officers.models import Officer
from requests.admin.bulk import reasons
from requests.admin.bulk.shape import BulkAct, Given, Reasons
from requests.enums import RequestState
from requests.errors import RequestInvalid
from requests.models import SubjectRequest
from requests.references import read_reference
from requests.selectors import visible_cases
from requests.services.joining import join, why_not_joined
from requests.transitions import TRANSITIONS


class JoinForm(forms.Form):
    """Which case goes on."""

    into = forms.CharField(
        label=_("Reference of the case that goes on"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("For example PR-7F3K-92QD. It is the earliest of them."),
    )

    def __init__(self, data: Any = None, *, officer: Officer) -> None:
        super().__init__(data)
        self._officer = officer

    def clean_into(self) -> SubjectRequest:
        """The case, if there is one that this officer may see."""
        try:
            reference = read_reference(self.cleaned_data["into"])
        except RequestInvalid as error:
            raise forms.ValidationError(str(error)) from None
        found = visible_cases(self._officer).filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(_("There is no case with this reference that you may see."))
        return found


def _judge(cases: list[SubjectRequest], officer: Officer, given: Given) -> Reasons:
    found = {
        case.pk: gettext("It is too far, at the stage “%(stage)s”.") % {"stage": case.get_state_display()}
        for case in cases
        if RequestState.JOINED not in TRANSITIONS[RequestState(case.state)]
    }
    if into := given.get("into"):
        found |= {case.pk: reason for case in cases if (reason := why_not_joined(case, into)) is not None}
    else:  # nobody has said yet which case goes on: each needs one that could
        words = gettext("There is no earlier open case of the same person that asks for the same.")
        could_be = _with_an_earlier_one(cases, officer)
        found |= {case.pk: words for case in cases if case.pk not in could_be}
    return found | reasons.not_handled(cases, officer) | reasons.closed(cases)


def _with_an_earlier_one(cases: list[SubjectRequest], officer: Officer) -> set[UUID]:
    """The cases that could be joined to one that the officer sees, in one query for all."""
    open_ones = visible_cases(officer).filter(
        subject_id__in={case.subject_id for case in cases}, closed_at__isnull=True
    )
    by_wish: dict[tuple[UUID, str], list[SubjectRequest]] = defaultdict(list)
    for each in open_ones:
        by_wish[each.subject_id, each.kind].append(each)
    return {
        case.pk
        for case in cases
        if any(why_not_joined(case, each) is None for each in by_wish[case.subject_id, case.kind])
    }


ACT = BulkAct(
    code="join_selected",
    title=_("Mark as duplicate of another case"),
    explanation=(
        _("Only cases of the same person that ask for the same are joined. They are closed, and the earliest goes on."),
        _("The person is told by a letter which case goes on."),
    ),
    button=_("Join them"),
    done=_("Joined"),
    right="handle",
    judge=_judge,
    perform=lambda case, officer, given: join(case=case, into=given["into"], officer=officer),
    form=JoinForm,
)
