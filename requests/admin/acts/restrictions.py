"""Acts on what a closed case restricted."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from privacy.officers.models import Officer
from privacy.register.restrictions.showing import scope_words
from requests.admin.acts.shape import Act
from requests.enums import RequestKind
from requests.enums import RequestState as S
from requests.models import SubjectRequest
from requests.services.ending_restrictions import LONGEST_REASONS, announce_end, endless


class EndForm(forms.Form):
    """Which restriction, its last day, and why it ends."""

    restriction = forms.ChoiceField(label=_("What ends"), widget=UnfoldAdminSelectWidget())
    until = forms.DateField(
        label=_("Its last day"), widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=_("A week from now at the earliest, so that the person can write before the data is used again."),
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("Reasons, as the person will read them"),
        max_length=LONGEST_REASONS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        words = [(str(each.pk), f"{each.get_kind_display()}, {scope_words(each)}") for each in endless(case)]
        self.fields["restriction"].choices = words  # type: ignore[attr-defined]


def _end(case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> object:
    return announce_end(
        case=case, officer=officer, restriction_id=UUID(given["restriction"]), until=given["until"],
        reasons=given["reasons"],
    )  # fmt: skip


ACTS = (
    Act(
        code="end_restriction",
        title=_("Tell the person that it ends"),
        explanation=(
            _("The person gets a letter with the last day and your reasons, before the data is used again."),
            _("After that day it ends by itself, and the organisation's systems are told."),
        ),
        button=_("Write to the person and set the last day"),
        done=_("The letter is on its way, and the last day is set."),
        at=frozenset({S.COMPLETED}),
        kinds=frozenset({RequestKind.RESTRICTION}),
        form=EndForm,
        submit=_end,
        offered=lambda case: bool(endless(case)),
        letter="restriction_ending",
    ),
)
