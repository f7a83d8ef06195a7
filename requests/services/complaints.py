"""Looking into a complaint: which case it is about, that we have it, what was found, what is done, how far we are."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.officers.access import may
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.models import LinkPurpose
from requests.complaint_clock import acknowledged_on, answer_by
from requests.conflicts import check_no_conflict
from requests.enums import RequestKind, RequestState
from requests.errors import ComplaintRefused, ConflictOfInterest, RequestInvalid
from requests.letters import write_case_letter
from requests.models import InvestigationNote, MeasureTaken, SubjectRequest
from requests.references import read_reference
from requests.services.assignment import take_away
from requests.services.complaint_due import take_next_date
from requests.services.moves import check_may_handle, expect, locked

LONGEST_NOTE = 10_000
LONGEST_MEASURE = 1_000
LONGEST_PROGRESS = 4_000
LONGEST_REASON = 1_000
_OPEN = (RequestState.RECEIVED, RequestState.DECIDING)


def link_as_asked(case: SubjectRequest, actor: Actor) -> SubjectRequest:
    """Link a complaint whose person has shown who they are to the case of theirs that they named, if there is one."""
    named = str((case.particulars or {}).get("about_reference") or "")
    if case.kind != RequestKind.COMPLAINT or case.about_case_id is not None or not named.strip():
        return case
    about = _case_named(named)
    if about is not None and about.subject_id == case.subject_id and about.pk != case.pk:
        _link(case, about, actor)
    return case


@transaction.atomic
def link_complaint(*, case: SubjectRequest, officer: Officer, reference: str, reason: str = "") -> SubjectRequest:
    """Say which case a complaint is about. Whoever handled that case loses the complaint.

    Args:
        reference: of the case complained of.
        reason: why, where it is another person's case, or another case than before.

    Raises:
        NotAllowed: the complaint is not this officer's.
        ConflictOfInterest: the officer handled the case that it is linked to now, or the one it would be linked to.
        WrongState: the complaint is closed.
        ComplaintRefused: there is no such case, or a reason is needed.
    """
    case = _complaint(case, officer)
    about = _case_named(reference)
    if about is None or about.pk == case.pk:
        raise ComplaintRefused(_("There is no such case. Check the reference: it looks like PR-7F3K-92QD."))
    if about.pk == case.about_case_id:
        return case
    is_theirs = about.subject_id == case.subject_id
    if not is_theirs and not _may_see(officer, about):
        raise ComplaintRefused(_("There is no such case. Check the reference: it looks like PR-7F3K-92QD."))
    if (not is_theirs or case.about_case_id) and not reason.strip():
        raise ComplaintRefused(
            _("Say why: this is another person's case, or the complaint was about another case so far.")
        )
    if len(reason) > LONGEST_REASON:
        raise ComplaintRefused(_("Keep the reason to %(n)d characters.") % {"n": LONGEST_REASON})
    actor = Actor.officer(officer)
    _link(case, about, actor, is_theirs=is_theirs)
    if reason.strip():
        words = _("Linked to %(reference)s: %(reason)s") % {"reference": about.reference, "reason": reason.strip()}
        InvestigationNote.objects.create(case=case, officer=officer, text=words)
    return case


@transaction.atomic
def acknowledge_complaint(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Acknowledge a complaint that was not yet: by letter, or by saying that the person was told on paper.

    Raises:
        NotAllowed: the complaint is not this officer's.
        WrongState: the complaint is closed.
        ComplaintRefused: it was acknowledged already.
    """
    case = _complaint(case, officer)
    if acknowledged_on(case) is not None:
        raise ComplaintRefused(_("The complaint was acknowledged already."))
    actor = Actor.officer(officer)
    if write_acknowledgement(case, actor) is None:
        record(action="subject_request.complaint_acknowledged", actor=actor, target=case, data={"by": "other_means"})
    take_next_date(case=case, actor=actor)
    return case


def write_acknowledgement(case: SubjectRequest, actor: Actor) -> Letter | None:
    """Write that we have the complaint, in place of the general letter; None when no address of the person is left."""
    about = SubjectRequest.objects.filter(pk=case.about_case_id).first() if case.about_case_id else None
    return write_case_letter(
        kind="complaint_acknowledged", case=case, actor=actor, link=LinkPurpose.TRACK,
        about_reference=about.reference if about else "", answer_by=answer_by(case.deadlines),
    )  # fmt: skip


@transaction.atomic
def add_note(*, case: SubjectRequest, officer: Officer, text: str) -> InvestigationNote:
    """Write down what was found. Notes cannot be changed; also after the answer, for what an authority asks.

    Raises:
        NotAllowed: the complaint is not this officer's.
        ComplaintRefused: nothing was written, or too much.
    """
    case = _complaint(case, officer, open_only=False)
    note = InvestigationNote.objects.create(case=case, officer=officer, text=_written(text, LONGEST_NOTE))
    record(action="subject_request.note_added", actor=Actor.officer(officer), target=case, data={"note": note.pk})
    return note


@transaction.atomic
def record_measure(*, case: SubjectRequest, officer: Officer, text: str) -> MeasureTaken:
    """Record what is done about a complaint; the outcome letter can tell it.

    Raises:
        NotAllowed: the complaint is not this officer's.
        ComplaintRefused: nothing was written, or too much.
    """
    case = _complaint(case, officer, open_only=False)
    measure = MeasureTaken.objects.create(case=case, officer=officer, text=_written(text, LONGEST_MEASURE))
    actor = Actor.officer(officer)
    record(action="subject_request.measure_taken", actor=actor, target=case, data={"measure": measure.pk})
    return measure


@transaction.atomic
def write_progress(
    *, case: SubjectRequest, officer: Officer, text: str, next_news_on: date | None = None
) -> SubjectRequest:
    """Tell the person how far we are (DPA 2018, s. 164A: informed of progress).

    Args:
        next_news_on: when they hear from us next; not before today.

    Raises:
        NotAllowed: the complaint is not this officer's.
        WrongState: the complaint is closed.
        ComplaintRefused: nothing was written, the day is over, or no address of the person is left.
    """
    case = _complaint(case, officer)
    text = _written(text, LONGEST_PROGRESS)
    if next_news_on is not None and next_news_on < local_date(timezone.now()):
        raise ComplaintRefused(_("Choose a day for the next news that is not over."))
    letter = write_case_letter(
        kind="complaint_progress", case=case, actor=Actor.officer(officer), progress=text, next_news_on=next_news_on,
        answer_by=answer_by(case.deadlines),
    )  # fmt: skip
    if letter is None:
        raise ComplaintRefused(_("There is no e-mail address of the person, so they cannot be written to here."))
    data = {"next_news": str(next_news_on or "")}
    record(action="subject_request.progress_told", actor=Actor.officer(officer), target=case, data=data)
    return case


def _complaint(case: SubjectRequest, officer: Officer, *, open_only: bool = True) -> SubjectRequest:
    case = locked(case)
    check_may_handle(officer, case)
    if case.kind != RequestKind.COMPLAINT:
        raise ComplaintRefused(_("This is not a complaint."))
    if open_only:
        expect(case, *_OPEN)
    return case


def _case_named(reference: str) -> SubjectRequest | None:
    try:
        return SubjectRequest.objects.filter(reference=read_reference(reference)).first()
    except RequestInvalid:
        return None


def _may_see(officer: Officer, about: SubjectRequest) -> bool:
    return may(officer, "view_subjectrequest", about, all_of_them="requests.view_all_subjectrequests")


def _link(case: SubjectRequest, about: SubjectRequest, actor: Actor, *, is_theirs: bool = True) -> None:
    """Link, and take the complaint from whoever cannot have it any more."""
    case.about_case_id = about.pk
    case.save(update_fields=["about_case_id"])
    data = {"about": str(about.pk), "same_person": is_theirs}
    record(action="subject_request.complaint_linked", actor=actor, target=case, data=data)
    if case.assignee is not None:
        try:
            check_no_conflict(case, case.assignee)
        except ConflictOfInterest:
            take_away(case=case, actor=actor)


def _written(text: str, longest: int) -> str:
    if not text.strip() or len(text) > longest:
        raise ComplaintRefused(_("Write something, in %(n)d characters at most.") % {"n": longest})
    return text.strip()
