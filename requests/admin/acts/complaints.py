"""Acts on complaints: what it is about, that we have it, notes, measures, news, and to whom it goes up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.officers.models import Officer, Role
from requests.admin.acts.shape import Act
from requests.complaint_clock import acknowledged_on, authorities_for
from requests.conflicts import conflicts_in
from requests.enums import EscalationLevel, RequestKind
from requests.enums import RequestState as S
from requests.models import Escalation, SubjectRequest
from requests.services.complaints import (
    LONGEST_MEASURE,
    LONGEST_NOTE,
    LONGEST_PROGRESS,
    LONGEST_REASON,
    acknowledge_complaint,
    add_note,
    link_complaint,
    record_measure,
    write_progress,
)
from requests.services.escalating import LONGEST_REASONS, escalate

_COMPLAINTS = frozenset({RequestKind.COMPLAINT})
_OPEN = frozenset({S.RECEIVED, S.DECIDING})
_ANSWERED_TOO = _OPEN | {S.COMPLETED}


def _text(label: Any, longest: int, rows: int = 5, **more: Any) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, **more)


class LinkForm(forms.Form):
    """The case complained of; the person's own are offered, another one can be named."""

    own = forms.ChoiceField(label=_("A case of this person"), required=False, widget=UnfoldAdminSelectWidget())
    reference = forms.CharField(
        label=_("Or another case, by its reference"), required=False, max_length=40, widget=UnfoldAdminTextInputWidget()
    )
    reason = _text(_("Why, if it is not a case of this person or was linked before"), LONGEST_REASON, 3, required=False)

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        cases = SubjectRequest.objects.filter(subject=case.subject_id).exclude(pk=case.pk).order_by("-received_at")
        choices = [(each.reference, f"{each.reference}, {each.get_kind_display()}") for each in cases[:100]]
        self.fields["own"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        if not choices:
            del self.fields["own"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("own")) == bool((given.get("reference") or "").strip()):
            raise forms.ValidationError(_("Choose one case of this person, or enter the reference of one other case."))
        return given


class NoteForm(forms.Form):
    text = _text(_("Note"), LONGEST_NOTE, 8)

    def __init__(self, _case: SubjectRequest, data: Any) -> None:
        super().__init__(data)


class MeasureForm(forms.Form):
    text = _text(_("What is done, as the person can read it"), LONGEST_MEASURE, 3)

    def __init__(self, _case: SubjectRequest, data: Any) -> None:
        super().__init__(data)


class ProgressForm(forms.Form):
    """What was done so far, and when the person hears from us next."""

    text = _text(_("How far we are, as the person will read it"), LONGEST_PROGRESS, 6)
    next_news_on = forms.DateField(
        label=_("We write again by"), required=False, widget=UnfoldAdminSingleDateWidget(),
        help_text=_("Empty: the letter names no day."),
    )  # fmt: skip

    def __init__(self, _case: SubjectRequest, data: Any) -> None:
        super().__init__(data)


class SeniorForm(forms.Form):
    """Another Privacy Officer who had no part in the case complained of."""

    to = forms.ModelChoiceField(
        label=_("Privacy Officer"), queryset=Officer.objects.none(), widget=UnfoldAdminSelectWidget()
    )
    reasons = _text(_("Reasons, for the file"), LONGEST_REASONS)

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        possible = Officer.objects.filter(pk__in=[each.pk for each in seniors(case)])
        self.fields["to"].queryset = possible  # type: ignore[attr-defined]


class AuthorityForm(forms.Form):
    """Which authority, and why."""

    authority = forms.ChoiceField(label=_("Authority"), widget=UnfoldAdminSelectWidget())
    reasons = _text(_("Reasons, as the person will read them"), LONGEST_REASONS)

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        self.fields["authority"].choices = [(each.code, each.name) for each in _authorities_left(case)]  # type: ignore[attr-defined]


def seniors(case: SubjectRequest) -> list[Officer]:
    """The Privacy Officers to whom a complaint can go up."""
    free = conflicts_in(case).free
    return [each for each in free if each.role == Role.PRIVACY_OFFICER and each.pk != case.assignee_id]


def _authorities_left(case: SubjectRequest) -> list[Any]:
    with_it = Escalation.objects.filter(case=case, level=EscalationLevel.AUTHORITY).values_list("authority", flat=True)
    there = set(with_it)
    return [each for each in authorities_for(case) if each.code not in there]


def _link(case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> object:
    reference = given.get("own") or given["reference"]
    return link_complaint(case=case, officer=officer, reference=reference, reason=given["reason"])


ACTS = (
    Act(
        code="write_progress",
        title=_("Tell how far we are"),
        explanation=(_("The person gets a letter with your words. The dates of the complaint stay as they are."),),
        button=_("Send the letter"),
        done=_("The letter is on its way."),
        at=_OPEN,
        kinds=_COMPLAINTS,
        form=ProgressForm,
        submit=lambda case, officer, given: write_progress(case=case, officer=officer, **given),
    ),
    Act(
        code="add_note",
        title=_("Add a note"),
        explanation=(
            _("For the file of the investigation. A note cannot be changed or deleted; a further note corrects it."),
            _("The person does not see notes. They go into the file for the authority."),
        ),
        button=_("Add the note"),
        done=_("The note is in the file."),
        at=_ANSWERED_TOO,
        kinds=_COMPLAINTS,
        form=NoteForm,
        submit=lambda case, officer, given: add_note(case=case, officer=officer, **given),
    ),
    Act(
        code="record_measure",
        title=_("Record a measure"),
        explanation=(
            _("What is changed because of this complaint. It cannot be changed here afterwards."),
            _("When you answer, you choose which measures the person is told."),
        ),
        button=_("Record the measure"),
        done=_("The measure is recorded."),
        at=_ANSWERED_TOO,
        kinds=_COMPLAINTS,
        form=MeasureForm,
        submit=lambda case, officer, given: record_measure(case=case, officer=officer, **given),
    ),
    Act(
        code="link_complaint",
        title=_("Say which case it is about"),
        explanation=(
            _("Whoever handled that case cannot have this complaint; if one of them has it, it is taken from them."),
            _("This is in the ledger, and a reason that you give is added to the notes."),
        ),
        button=_("Link the case"),
        done=_("The complaint is linked."),
        at=_OPEN,
        kinds=_COMPLAINTS,
        form=LinkForm,
        submit=_link,
    ),
    Act(
        code="acknowledge_complaint",
        title=_("Acknowledge"),
        explanation=(
            _("The person gets a letter that we have the complaint."),
            _("Where we have no e-mail address, confirm here that you told them on paper or by telephone."),
        ),
        button=_("Acknowledge"),
        done=_("The complaint is acknowledged."),
        at=_OPEN,
        kinds=_COMPLAINTS,
        perform=lambda case, officer: acknowledge_complaint(case=case, officer=officer),
        offered=lambda case: acknowledged_on(case) is None,
    ),
    Act(
        code="escalate_senior",
        title=_("Give it to another Privacy Officer"),
        explanation=(_("The complaint is assigned to them. Whoever has it now loses it."),),
        button=_("Give it to them"),
        done=_("The complaint is with another Privacy Officer."),
        at=_OPEN,
        kinds=_COMPLAINTS,
        form=SeniorForm,
        submit=lambda case, officer, given: escalate(case=case, officer=officer, level=EscalationLevel.SENIOR, **given),
        offered=lambda case: bool(seniors(case)),
    ),
    Act(
        code="escalate_authority",
        title=_("Put it before the authority"),
        explanation=(
            _("This records that the complaint is with the authority, and the person gets a letter with its address."),
            _("Nothing is sent to the authority from here: make the file for it, and send that."),
            _("The person's data stays locked against deletion until an officer releases the lock."),
        ),
        button=_("Record it and write to the person"),
        done=_("Recorded. The person is told with whom the complaint is now."),
        at=_ANSWERED_TOO,
        kinds=_COMPLAINTS,
        form=AuthorityForm,
        submit=lambda case, officer, given: escalate(
            case=case, officer=officer, level=EscalationLevel.AUTHORITY, **given
        ),
        offered=lambda case: bool(_authorities_left(case)),
    ),
)
