"""Acts on what need not be a case of its own."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from privacy.officers.models import Officer
from requests import services
from requests.admin.acts.shape import Act
from requests.enums import RequestState as S
from requests.models import SubjectRequest
from requests.selectors import joinable
from requests.services.joining import LONGEST_SPAM_REASON, may_be_spam


class JoinForm(forms.Form):
    """Into which case."""

    into = forms.ChoiceField(label=_("Goes on as"), widget=UnfoldAdminSelectWidget())

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        words = [(str(each.pk), f"{each.reference}, {date_format(each.received_on)}") for each in joinable(case)]
        self.fields["into"].choices = words  # type: ignore[attr-defined]


class SpamForm(forms.Form):
    """Why it is no request."""

    reason = forms.CharField(
        label=_("Why this is no request"),
        help_text=_("Kept encrypted with the case, and told to nobody."),
        max_length=LONGEST_SPAM_REASON,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def __init__(self, _case: SubjectRequest, data: Any) -> None:
        super().__init__(data)


def _join(case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> object:
    return services.join(case=case, into=SubjectRequest.objects.get(pk=given["into"]), officer=officer)


ACTS = (
    Act(
        code="join",
        title=_("Join to an earlier case"),
        explanation=(
            _("The person asked for the same before. That case goes on, and its date binds; this one is closed."),
            _("A letter tells them so. What they wrote here can still be read here."),
        ),
        button=_("Join and close this one"),
        done=_("Joined. The earlier case goes on."),
        at=frozenset({S.UNCONFIRMED, S.RECEIVED, S.PLANNING, S.DECIDING}),
        form=JoinForm,
        submit=_join,
        offered=lambda case: joinable(case).exists(),
    ),
    Act(
        code="close_as_spam",
        title=_("This is no request"),
        explanation=(
            _("Advertising, nonsense, or something a machine filled in. The case is closed."),
            _("Nobody is written to, because the address may be anybody's. A real request is never spam: refuse it."),
        ),
        button=_("Close as spam"),
        done=_("Closed. Nobody was written to."),
        at=frozenset({S.UNCONFIRMED, S.RECEIVED, S.DECIDING}),
        form=SpamForm,
        offered=may_be_spam,
        submit=lambda case, officer, given: services.close_as_spam(case=case, officer=officer, **given),
        is_dangerous=True,
    ),
)
