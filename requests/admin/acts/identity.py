"""Acts on who asks: the person themselves, or somebody who acts for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.law.enums import Cause, Condition
from privacy.officers.models import Officer
from requests import services
from requests.addressees import acts_with_authority, representation_of
from requests.admin.acts.clock import CONDITIONS
from requests.admin.acts.shape import Act
from requests.clocks import identity_may_be_asked, rules_of
from requests.enums import RequestState as S
from requests.models import AuthorityKind, SubjectRequest
from requests.services.identity_asking import LONGEST_WAY, MOST_WAYS
from requests.services.representing import (
    LONGEST_EVIDENCE,
    LONGEST_NAME,
    LONGEST_REASON,
    WHO_ASKS_IS_OPEN,
    WORK_IS_ON,
)


class WaysForm(forms.Form):
    """By what the person can show who they are, and what the officer vouches for."""

    ways = forms.CharField(
        label=_("What is accepted, one a line; one of them is enough"),
        help_text=_("Ask for no more than you need: what you have on file, before a document."),
        max_length=LONGEST_WAY * MOST_WAYS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    confirmed = forms.MultipleChoiceField(
        label=_("I confirm, so that the clock stands until they reply"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        stops = [stop for rule in rules_of(case.deadlines) for stop in rule.stops if stop.cause is Cause.IDENTITY]
        needed = dict.fromkeys(condition for stop in stops for condition in stop.needs)
        if not needed:
            del self.fields["confirmed"]
        else:
            self.fields["confirmed"].choices = [(each.value, CONDITIONS[each]) for each in needed]  # type: ignore[attr-defined]


class _OfNoCase(forms.Form):
    """A form that is the same for every case."""

    def __init__(self, _case: SubjectRequest, data: Any) -> None:
        super().__init__(data)


class RepresentativeForm(_OfNoCase):
    """Who asks for the person, and by what right they say they do."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=UnfoldAdminTextInputWidget())
    email = forms.EmailField(label=_("E-mail address"), required=False, widget=UnfoldAdminEmailInputWidget())
    authority = forms.ChoiceField(
        label=_("By what right"), choices=AuthorityKind.choices, widget=UnfoldAdminSelectWidget()
    )


class AuthorityForm(_OfNoCase):
    """What was seen."""

    evidence = forms.CharField(
        label=_("What you have seen"),
        help_text=_("For example: mandate signed on 3 May, under Files. Documents go with the decision; this stays."),
        max_length=LONGEST_EVIDENCE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, help_text=_("Empty when it has no end."), widget=UnfoldAdminDateWidget()
    )


class RecordForm(AuthorityForm, RepresentativeForm):
    """Who acts for the person, and what was seen."""

    field_order = ("name", "email", "authority", "evidence", "valid_until")


class EndForm(_OfNoCase):
    """Why nobody acts for the person any more."""

    reason = forms.CharField(
        label=_("Why it ends"), max_length=LONGEST_REASON, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


def _ask(case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> object:
    confirmed = [Condition(each) for each in given.get("confirmed", ())]
    return services.ask_identity(case=case, officer=officer, ways=given["ways"].splitlines(), confirmed=confirmed)


def _is_represented(case: SubjectRequest) -> bool:
    return representation_of(case) is not None


def _has_seen_authority(case: SubjectRequest) -> bool:
    who = representation_of(case)
    return who is not None and who.checked_at is not None


def _lacks_authority(case: SubjectRequest) -> bool:
    """Whether who asks for the person has not shown by what right, or not shown a right that still counts."""
    representation = representation_of(case)
    return representation is not None and not acts_with_authority(representation)


ACTS = (
    Act(
        code="ask_identity",
        title=_("Ask who they are"),
        explanation=(
            _("The person gets a letter that names what is accepted as proof, and by when."),
            _("If nobody shows it by then, the case is closed by itself, with a letter."),
        ),
        button=_("Send the question"),
        done=_("The question is on its way."),
        at=frozenset({S.RECEIVED}),
        form=WaysForm,
        submit=_ask,
        letter="identity_needed",
        offered=lambda case: (
            Cause.IDENTITY.value not in case.waiting_for.split() and identity_may_be_asked(case.deadlines)
        ),
    ),
    Act(
        code="document_seen",
        title=_("A document was seen"),
        explanation=(
            _("You have seen a document that shows that the person who asks is the person the data is about."),
            _("Copies of it in this case are deleted: they were given for this and for nothing else."),
        ),
        button=_("I have seen it"),
        done=_("Identity confirmed by a document."),
        at=frozenset({S.RECEIVED}),
        perform=lambda case, officer: services.document_seen(case=case, officer=officer),
    ),
    Act(
        code="add_representation",
        title=_("Somebody asks for the person"),
        explanation=(
            _("They are asked for evidence of their authority. Until you have seen it they are told nothing else."),
            _("From then on the letters of this case go to them."),
        ),
        button=_("Ask them for evidence"),
        done=_("Noted. The case cannot be decided before you have seen the authority."),
        at=WHO_ASKS_IS_OPEN,
        form=RepresentativeForm,
        submit=lambda case, officer, given: services.add_representation(case=case, officer=officer, **given),
        offered=lambda case: not _is_represented(case),
    ),
    Act(
        code="ask_for_authority",
        title=_("Ask by what right they ask"),
        explanation=(
            _("Whoever asks for the person gets a letter that asks for evidence, and can send it on their page."),
            _("Until you have seen it the case cannot be decided, and they are told nothing else."),
        ),
        button=_("Send the question"),
        done=_("The question is on its way."),
        at=frozenset({S.RECEIVED, S.PLANNING, S.DECIDING}),
        perform=lambda case, officer: services.ask_for_authority(case=case, officer=officer),
        offered=_lacks_authority,
    ),
    Act(
        code="accept_authority",
        title=_("Authority was seen"),
        explanation=(
            _("You have seen by what right somebody asks for the person. Their letters go to them from now."),
        ),
        button=_("I have seen it"),
        done=_("Noted. The letters of this case go to the representative."),
        at=WORK_IS_ON,
        form=AuthorityForm,
        submit=lambda case, officer, given: services.accept_authority(case=case, officer=officer, **given),
        offered=_is_represented,
    ),
    Act(
        code="record_representation",
        title=_("Somebody acts for the person now"),
        explanation=(
            _("You have seen by what right. The letters of this case go to them from now, with a link to follow it."),
        ),
        button=_("I have seen it"),
        done=_("Noted. The letters of this case go to the representative."),
        at=WORK_IS_ON,
        form=RecordForm,
        submit=lambda case, officer, given: services.record_representation(case=case, officer=officer, **given),
        offered=lambda case: not _is_represented(case),
    ),
    Act(
        code="end_representation",
        title=_("Nobody acts for the person any more"),
        explanation=(
            _("The links that the representative has stop working, and the letters of this case go to the person."),
            _("The request goes on. If the person does not want that, have it withdrawn instead."),
        ),
        button=_("End the authority"),
        done=_("Ended. The letters of this case go to the person."),
        at=WORK_IS_ON,
        form=EndForm,
        submit=lambda case, officer, given: services.end_representation(case=case, officer=officer, **given),
        offered=_has_seen_authority,
    ),
    Act(
        code="reject_authority",
        title=_("No authority was shown"),
        explanation=(_("The case is closed, and a letter tells who asked what they can do. The person gets none."),),
        button=_("Reject and close"),
        done=_("The case is closed."),
        at=frozenset({S.RECEIVED, S.DECIDING}),
        perform=lambda case, officer: services.reject_authority(case=case, officer=officer),
        offered=lambda case: _is_represented(case) if case.state == S.RECEIVED else _lacks_authority(case),
        is_dangerous=True,
    ),
)
