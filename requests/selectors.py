"""Questions about cases: the queue, what is due, what is next, what happened, what the person is told."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from privacy.law.enums import Cause
from privacy.ledger.models import LedgerEntry
from privacy.letters.words import day_words
from privacy.officers.access import may, restrict
from privacy.officers.models import Officer
from privacy.register.restrictions.models import Restriction
from privacy.register.selectors import local_date, profile
from requests.addressees import acts_with_authority, representation_of
from requests.asked import stated_purposes
from requests.clocks import identity_may_be_asked
from requests.complaint_clock import acknowledged_on
from requests.conflicts import check_no_conflict
from requests.enums import Outcome
from requests.enums import RequestKind as K
from requests.enums import RequestState as S
from requests.errors import NotAllowed
from requests.models import SubjectRequest
from requests.purposes import spared_by_objection
from requests.services.approval import check_may_approve
from requests.services.cooling_off import last_day_to_cancel
from requests.services.outcome import ErasureOutcome, erasure_outcome
from requests.services.packaging import waiting_package
from requests.traits import Answer, traits_of
from retention.models import Run

SOON_DAYS = 5
NEAR = timedelta(days=14)
LONGEST_LIST = 100
_OF_A_LINE = ("pk", "reference", "kind", "state", "received_on", "received_at", "closed_at", "subject_id")


def visible_cases(officer: Any) -> QuerySet[SubjectRequest]:
    """Every case that the officer may see, closed ones too."""
    return restrict(
        SubjectRequest.objects.all(), officer, "view_subjectrequest", all_of_them="requests.view_all_subjectrequests"
    )


def queue(officer: Any) -> QuerySet[SubjectRequest]:
    """The cases to be worked on: open, confirmed, visible to the officer, those to be worked on first."""
    cases = visible_cases(officer).filter(closed_at__isnull=True).exclude(state=S.UNCONFIRMED)
    return cases.select_related("assignee").order_by("work_by", "received_at")


@dataclass(frozen=True)
class DueStatus:
    """`level` is overdue, soon, plain, paused, or ok for a clock that is over; `days_left` is negative when overdue.

    Paused: the clock stands, so it has no days left to count; a wait that stops no clock is not paused. Where another
    clock runs on meanwhile and is near its end, that one is said. Soon: a quarter of the time or less is left, or not
    more than `SOON_DAYS`.
    """

    days_left: int | None
    level: str
    words: str


def due_status(case: SubjectRequest, today: date | None = None) -> DueStatus:
    """How a case stands against its due date, in words.

    Args:
        today: the organisation's local date; asked from the clock when absent.
    """
    if case.closed_at is not None:
        return DueStatus(None, "ok", _("closed"))
    days = (case.runs_until - (today or local_date(timezone.now()))).days
    if days < 0:
        return DueStatus(days, "overdue", ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days})
    is_soon = days <= SOON_DAYS or 4 * days <= (case.runs_until - case.received_on).days
    if case.clock_stands and not is_soon:
        return DueStatus(None, "paused", _("paused: waiting for the person"))
    words = _("due today") if days == 0 else ngettext("due in %(n)d day", "due in %(n)d days", days) % {"n": days}
    return DueStatus(days, "soon" if is_soon else "plain", words)


def day_is_past(case: SubjectRequest) -> bool:
    """Whether the last day for the answer is over, as it is at once of a case that is dated back."""
    return case.closed_at is None and case.due_on < local_date(timezone.now())


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next. `url_name` None: nothing to press. `blocked_reason`: why this officer cannot."""

    code: str
    label: str | Promise
    url_name: str | None
    blocked_reason: str | Promise | None = None


_STEPS: dict[S, tuple[str, str | Promise, bool]] = {
    S.UNCONFIRMED: ("await_confirmation", gettext_lazy("Wait for the person to use the link in our letter"), False),
    S.RECEIVED: ("confirm_identity", gettext_lazy("Confirm identity"), True),
    S.PLANNING: ("await_plan", gettext_lazy("The data is being looked for"), False),
    S.DECIDING: ("decide", gettext_lazy("Decide"), True),
    S.AWAITING_APPROVAL: ("approve_erasure", gettext_lazy("Approve erasure"), True),
    S.COOLING_OFF: ("await_cooling_off", gettext_lazy("Approved: the person can still cancel"), False),
    S.EXECUTING: ("await_execution", gettext_lazy("The erasure is being carried out"), False),
}


def next_step(case: SubjectRequest, officer: Officer) -> NextStep | None:
    """What is to be done next with a case, and whether this officer can do it. None when the case is closed."""
    if case.state not in _STEPS:
        return None
    if (first := _comes_first(case)) is not None:
        code, label, has_button = first
        link = f"requests_subjectrequest_{code}" if has_button else None
        return NextStep(code, label, link, _blocked_reason(case, officer))
    code, label, has_button = _STEPS[S(case.state)]
    is_package = traits_of(case.kind).answer is Answer.PACKAGE
    if case.state == S.DECIDING and traits_of(case.kind).answer is Answer.WORDS:
        code, label = "answer", _("Answer")
    if case.state == S.EXECUTING and is_package:
        code, label = "await_package", _("The package is being made")
    if case.state == S.EXECUTING and is_package and case.problem:
        code, label, has_button = "rebuild_package", _("Make the package again"), True
    if case.state == S.EXECUTING and is_package and waiting_package(case) is not None:
        code, label, has_button = "send_by_post", _("Send by post"), True
    if case.state == S.EXECUTING and not is_package and case.kind != K.ERASURE:
        label = _("It is being carried out")
    if case.state == S.DECIDING and case.kind == K.RECTIFICATION:
        code, label = "decide_corrections", _("Decide the changes")
    if case.state == S.DECIDING and traits_of(case.kind).answer in (Answer.RESTRICTION, Answer.WITHDRAWAL):
        code, label = "decide_purposes", _("Decide what stops")
    if case.state == S.PLANNING and case.problem:
        code, label, has_button = "replan", _("Find the data again"), True
    if not has_button:
        return NextStep(code, label, None)
    return NextStep(code, label, f"requests_subjectrequest_{code}", _blocked_reason(case, officer))


def _comes_first(case: SubjectRequest) -> tuple[str, str | Promise, bool] | None:
    """What has to happen before the usual step of a stage can succeed, or be of use; None when nothing has."""
    if case.state not in (S.RECEIVED, S.DECIDING):
        return None
    representation = representation_of(case)
    if representation is not None and not acts_with_authority(representation):
        return "accept_authority", _("Authority was seen"), True
    if case.state == S.DECIDING and case.kind == K.COMPLAINT and acknowledged_on(case) is None:
        return "acknowledge_complaint", _("Acknowledge"), True
    if case.state == S.RECEIVED and not identity_may_be_asked(case.deadlines):  # opened before that was known
        return "confirm_identity", _("Go on without asking who they are"), True
    if case.state == S.RECEIVED and case.waiting_for:
        return "await_person", _("Wait for the person to answer"), False
    return None


def _blocked_reason(case: SubjectRequest, officer: Officer) -> str | None:
    if case.state == S.AWAITING_APPROVAL:
        if not officer.has_perm("requests.approve_erasure"):
            return _("Only a Privacy Officer approves erasures.")
        try:
            check_may_approve(case, officer)
        except NotAllowed as error:
            return str(error)
        return None
    if not may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"):
        return _("This case is not assigned to you.")
    try:
        check_no_conflict(case, officer)
    except NotAllowed as error:
        return str(error)
    return None


def joinable(case: SubjectRequest) -> QuerySet[SubjectRequest]:
    """Open cases in which the same person asked for the same before: this one may be joined to one of them."""
    earlier = Q(received_on__lt=case.received_on) | Q(received_on=case.received_on, received_at__lt=case.received_at)
    same = SubjectRequest.objects.filter(subject_id=case.subject_id, kind=case.kind, closed_at__isnull=True)
    return same.filter(earlier).exclude(state=S.UNCONFIRMED).exclude(pk=case.pk).order_by("received_on")


def other_cases(case: SubjectRequest, officer: Any) -> QuerySet[SubjectRequest]:
    """The same person's other cases that the officer may see, the latest first."""
    others = visible_cases(officer).filter(subject_id=case.subject_id).exclude(pk=case.pk)
    return others.only(*_OF_A_LINE).order_by("-received_on", "-received_at")[:LONGEST_LIST]


def alike(case: SubjectRequest, officer: Any) -> list[SubjectRequest]:
    """Open cases of the same kind, near in time, under the same name and another address. Names are encrypted, so they
    are compared here, `LONGEST_LIST` at most.
    """
    if not case.name or case.closed_at is not None:
        return []
    near = (case.received_on - NEAR, case.received_on + NEAR)
    found = visible_cases(officer).filter(kind=case.kind, closed_at__isnull=True, received_on__range=near)
    found = found.exclude(subject_id=case.subject_id).only("name", *_OF_A_LINE).order_by("-received_at")[:LONGEST_LIST]
    return [each for each in found if each.name and each.name.casefold() == case.name.casefold()]


def timeline(case: SubjectRequest) -> QuerySet[LedgerEntry]:
    """What happened to a case, the latest first; also what became later of rows that its erasure left by law."""
    own = Q(object_type=SubjectRequest._meta.label_lower, object_id=str(case.pk))
    runs = [str(pk) for pk in Run.objects.filter(case_id=case.pk).values_list("pk", flat=True)]
    left = Q(object_type=Run._meta.label_lower, object_id__in=runs, action="run.kept_rows_gone")
    return LedgerEntry.objects.filter(own | left if runs else own)


_PUBLIC_STATUS: dict[S, str | Promise] = {
    S.UNCONFIRMED: gettext_lazy("Confirming it is you: use the link in our e-mail."),
    S.RECEIVED: gettext_lazy("Received. We are making sure that it is you."),
    S.PLANNING: gettext_lazy("We are working on it: we are finding your data."),
    S.DECIDING: gettext_lazy("We are working on it: your request is being reviewed."),
    S.AWAITING_APPROVAL: gettext_lazy("We are working on it: a second officer is checking it."),
    S.COOLING_OFF: gettext_lazy("Decided. It is carried out soon; until then you can still cancel it."),
    S.EXECUTING: gettext_lazy("We are working on it: your request is being carried out."),
    S.COMPLETED: gettext_lazy("Done. We have written to you."),
    S.REFUSED: gettext_lazy("Closed: we could not do what you asked. Our letter gives the reasons and your options."),
    S.IDENTITY_REJECTED: gettext_lazy("Closed: we could not confirm that it is you. Our letter says how to go on."),
    S.WITHDRAWN: gettext_lazy("Closed: you withdrew it."),
    S.LAPSED: gettext_lazy("Closed: it was never confirmed. You can send it again at any time."),
    S.JOINED: gettext_lazy("Closed: we answer it together with another request of yours."),
    S.SPAM: gettext_lazy("Closed: we could not recognise a request. Write to us if that is wrong."),
}


_IN_WORDS: dict[tuple[K, S], str | Promise] = {
    (K.QUESTION, S.DECIDING): gettext_lazy("Received. We are looking into your question."),
    (K.QUESTION, S.COMPLETED): gettext_lazy("Answered. We have written to you."),
    (K.COMPLAINT, S.DECIDING): gettext_lazy("Received. Somebody is looking into your complaint."),
    (K.RECONSIDERATION, S.DECIDING): gettext_lazy("We are working on it: a person is looking at the decision."),
    (K.RECONSIDERATION, S.COMPLETED): gettext_lazy("A person has looked at the decision. We have written to you."),
    (K.RECTIFICATION, S.DECIDING): gettext_lazy("We are working on it: we are looking at what you want corrected."),
    (K.RECTIFICATION, S.EXECUTING): gettext_lazy("Decided. Your data is being corrected."),
    (K.RECTIFICATION, S.COMPLETED): gettext_lazy("Done: your data is corrected. Our letter says what it says now."),
    (K.RECTIFICATION, S.REFUSED): gettext_lazy(
        "Closed: we did not change your data. What you say stands beside it and goes with it; our letter says why."
    ),
    (K.ERASURE, S.EXECUTING): gettext_lazy("Decided. Your data is being deleted."),
    (K.OBJECTION, S.DECIDING): gettext_lazy("We are working on it: we are weighing your objection."),
    (K.OBJECTION, S.COMPLETED): gettext_lazy("Done: what you objected to has stopped. Our letter says what goes on."),
    (K.OBJECTION, S.REFUSED): gettext_lazy("Closed: we go on. Our letter gives the reasons and your options."),
    (K.RESTRICTION, S.COMPLETED): gettext_lazy(
        "Done: our letter says what your data is not used for any more. We tell you before that ends."
    ),
    (K.CONSENT_WITHDRAWAL, S.COMPLETED): gettext_lazy("Done: your consent has ended."),
}
_IN_PART: dict[K, str | Promise] = {
    K.RECTIFICATION: gettext_lazy("Done in part. Our letter says what is corrected, and why the rest is not."),
    K.OBJECTION: gettext_lazy("Done in part. Our letter says what has stopped, and why the rest goes on."),
    K.RESTRICTION: gettext_lazy("Done in part. Our letter says what is not used any more, and why the rest is."),
}
_OF_COMPLAINT: dict[str, str | Promise] = {
    Outcome.UPHELD: gettext_lazy("Answered: you are right. Our letter says what we found."),
    Outcome.PARTLY_UPHELD: gettext_lazy("Answered: you are right in part. Our letter says what we found."),
    Outcome.NOT_UPHELD: gettext_lazy(
        "Answered: your complaint is not upheld. Our letter says why, and who hears you next."
    ),
}
_OF_ANOTHER: dict[S, str | Promise] = {
    S.RECEIVED: gettext_lazy("Received. We are making sure that you may ask for somebody else."),
    S.IDENTITY_REJECTED: gettext_lazy(
        "Closed: we could not confirm that you may ask for somebody else. Our letter says how to go on."
    ),
}
_WITH_AUTHORITY: dict[S, str | Promise] = {
    S.RECEIVED: gettext_lazy("Received. We are making sure who makes the request."),
    S.IDENTITY_REJECTED: gettext_lazy(
        "Closed: we could not confirm who makes the request. Our letter says how to go on."
    ),
}
_WAITING: dict[str, str | Promise] = {
    Cause.IDENTITY: gettext_lazy("Waiting for you: show us who you are, so that we can go on."),
    Cause.CLARIFICATION: gettext_lazy("Waiting for you: answer our question, so that we can go on."),
    Cause.FEE: gettext_lazy("Waiting for you: we told you what it costs, and wait for your answer or your payment."),
}


def public_status(case: SubjectRequest) -> str:
    """Where a case stands, in words for the person or whoever asks in their name: first, what we wait for from them."""
    if case.closed_at is None and case.waiting_for:
        return str(_waiting(case, case.waiting_for.split()[0]))
    if case.state in _OF_ANOTHER and (representation := representation_of(case)) is not None:
        words_for_them = _WITH_AUTHORITY if acts_with_authority(representation) else _OF_ANOTHER
        return str(words_for_them[S(case.state)])
    if case.kind == K.COMPLAINT and case.outcome in _OF_COMPLAINT:
        return str(_OF_COMPLAINT[case.outcome])
    if case.outcome == Outcome.FEE_LAPSED:
        return _("Closed: we had no answer about the fee. You owe nothing, and can ask again at any time.")
    if _has_been_lifted(case):
        return _("What you asked for was done, and has ended since.")
    if case.outcome == Outcome.PARTIAL and case.state == S.COMPLETED and case.kind in _IN_PART:
        return str(_IN_PART[K(case.kind)])
    if case.kind == K.ERASURE and case.state == S.COMPLETED:
        return _erasure_status(case, erasure_outcome(case))
    if spared := _spared(case):
        goes_on = _("Done: what you objected to has stopped. This goes on, because it rests on a contract with you, on"
                    " the law or on the protection of somebody's life: %(purposes)s.")  # fmt: skip
        return goes_on % {"purposes": "; ".join(spared)}
    if words := _IN_WORDS.get((K(case.kind), S(case.state))):
        return str(words)
    if case.state == S.COMPLETED and traits_of(case.kind).answer is Answer.PACKAGE:
        package = getattr(case, "package", None)
        if package is not None and package.is_available and case.outcome == Outcome.PARTIAL:
            return _("Ready to download, in part. Our letter says what is left out, and why.")
        if package is not None and package.is_available:
            return _("Ready to download.")
        if package is not None and package.for_post:
            return _("Done. We have sent you your data by post.")
        return _("Done. The time to download your data is over; you can ask for it again.")
    if case.state == S.COOLING_OFF:
        last = day_words(last_day_to_cancel(case), with_weekday=True)
        return _("Decided. Your data is deleted after %(day)s; until then you can still cancel it.") % {"day": last}
    return str(_PUBLIC_STATUS[S(case.state)])


def _waiting(case: SubjectRequest, cause: str) -> str | Promise:
    if cause == Cause.IDENTITY and representation_of(case) is not None:
        return _("Waiting for you: show us who makes the request, so that we can go on.")
    return _WAITING[cause]


def _erasure_status(case: SubjectRequest, came_to: ErasureOutcome) -> str:
    """No more than the letter says (`erased_done.txt`)."""
    if not came_to.done and came_to.is_anything_left:
        return _("Closed: we deleted nothing of what we found. Our letter says what stays, and why.")
    if not came_to.done:
        return _("Closed: we looked for your data, and there was nothing to delete.")
    if came_to.is_refused:
        return _("Done in part. Our letter says what is deleted, and why the rest is not.")
    if came_to.newer:
        left = _("Done: your data up to %(day)s is deleted, but for what our letter names. What came after that day is"
                 " left: you can send us a new request for it.")  # fmt: skip
        return left % {"day": day_words(case.asked_until)}
    return _("Done: your data is deleted. Our letter names what a law makes us keep.")


def _has_been_lifted(case: SubjectRequest) -> bool:
    """Whether nothing of what a case restricted, or of what was objected to in it, holds any more."""
    if case.kind not in (K.RESTRICTION, K.OBJECTION) or case.state != S.COMPLETED:
        return False
    lifted = list(Restriction.objects.filter(case_id=case.pk).values_list("lifted_at", flat=True))
    return bool(lifted) and None not in lifted


def _spared(case: SubjectRequest) -> list[str]:
    """What goes on although everything was objected to, and stopped."""
    is_done = case.kind == K.OBJECTION and case.state == S.COMPLETED
    return spared_by_objection() if is_done and not stated_purposes(case.particulars) else []


@dataclass(frozen=True)
class PublicStep:
    """One line of what the person sees of the timeline."""

    on: date
    words: str | Promise


_PUBLIC_STEPS: dict[str, str | Promise] = {
    "submitted": gettext_lazy("You sent your request."),
    "received": gettext_lazy("You confirmed that it is you; we started."),
    "identity_asked": gettext_lazy("We asked you to show us who you are."),
    "identity_lapsed": gettext_lazy("Nobody showed us in time who they are, so we closed the request."),
    "joined": gettext_lazy("We joined it to another request of yours."),
    "begun": gettext_lazy("We began to work on it."),
    "authority_accepted": gettext_lazy("We made sure that the request may be made in the person's name."),
    "authority_rejected": gettext_lazy("We could not confirm that it may be made in the person's name, and wrote why."),
    "identity_confirmed": gettext_lazy("We made sure that it is you and began to find your data."),
    "planned": gettext_lazy("We looked for your data in our systems."),
    "granted": gettext_lazy("We decided to do what you asked."),
    "granted_in_part": gettext_lazy(
        "We decided to do part of what you asked. Our letter says what we leave out, and why."
    ),
    "erasure_approved": gettext_lazy("A second officer agreed; the deletion started."),
    "corrected": gettext_lazy("Your data was corrected, and we checked it."),
    "annotated": gettext_lazy("What you say was put beside your data and goes with it."),
    "narrowed": gettext_lazy("We stopped what you asked us to stop, and wrote you what goes on and why."),
    "cooling_off_began": gettext_lazy("A second officer agreed; until the deletion begins you can cancel it."),
    "cooling_off_ended": gettext_lazy("The time to cancel was over; the deletion started."),
    "erased": gettext_lazy("Your data was deleted, or your details in it were removed or replaced, and we checked it."),
    "package_made": gettext_lazy("Your data was made ready for you to download."),
    "package_made_for_post": gettext_lazy("Your data was made ready to be sent to you by post."),
    "package_posted": gettext_lazy("We sent you your data by post."),
    "answered": gettext_lazy("We answered, and wrote to you."),
    "progress_told": gettext_lazy("We told you how far we are."),
    "escalated_to_senior": gettext_lazy("Another Privacy Officer took your complaint over."),
    "escalated_to_authority": gettext_lazy("We put your complaint before the authority, and wrote to you."),
    "refused": gettext_lazy("We decided that we cannot do what you asked, and wrote you why."),
    "identity_rejected": gettext_lazy("We could not confirm that it is you, and wrote you how to go on."),
    "clock_extended": gettext_lazy("We told you that we need more time, and why."),
    "fee_estimated": gettext_lazy("We told you what your request would cost, and asked whether you want to go on."),
    "fee_accepted": gettext_lazy("You said that you want to go on."),
    "fee_changed": gettext_lazy("You changed your request."),
    "fee_waived": gettext_lazy("You need not pay a fee."),
    "fee_lapsed": gettext_lazy("We had no answer about the fee, and closed your request."),
    "deposit_received": gettext_lazy("Your payment reached us."),
    "reply_received": gettext_lazy("You wrote to us."),
    "deemed_refused": gettext_lazy("The time to answer you was over; we told you what you can do."),
    "acknowledged": gettext_lazy("We told you that we have your request."),
    "withdrawn": gettext_lazy("You withdrew your request."),
    "lapsed": gettext_lazy("The request was never confirmed and was closed."),
}


_NOTHING_ERASED = gettext_lazy("We looked for your data once more, and deleted nothing. Our letter says why.")
_PART_ERASED = gettext_lazy(
    "A part of your data was deleted, or your details in it were removed or replaced, and we checked it."
)
_WITHOUT_DATA: dict[str, str | Promise] = {"identity_confirmed": gettext_lazy("We made sure that it is you.")}


_BY_REPRESENTATIVE: dict[str, str | Promise] = {
    "received": gettext_lazy("You confirmed your e-mail address; we started."),
    "authority_asked": gettext_lazy("We asked you by what right you ask for this person."),
    "identity_asked": gettext_lazy("We asked who makes the request."),
    "identity_confirmed": gettext_lazy("We made sure who makes the request."),
    "identity_rejected": gettext_lazy("We could not confirm who makes the request, and wrote you how to go on."),
}


def _erased_step(came_to: ErasureOutcome) -> dict[str, str | Promise]:
    """The last step of an erasure that did less than was asked, in other words than `_PUBLIC_STEPS` has."""
    if not came_to.done:
        return {"erased": _NOTHING_ERASED}
    return {"erased": _PART_ERASED} if came_to.is_refused else {}


def public_step_words(case: SubjectRequest, *, for_representative: bool = False) -> dict[str, str | Promise]:
    """The acts that the person may know of, by their codes without the prefix, in words for them."""
    words = _PUBLIC_STEPS if traits_of(case.kind).looks_for_data else _PUBLIC_STEPS | _WITHOUT_DATA
    if case.kind == K.ERASURE and case.state == S.COMPLETED:
        words = words | _erased_step(erasure_outcome(case))
    return words | _BY_REPRESENTATIVE if for_representative else words


def public_steps(case: SubjectRequest, *, for_representative: bool = False) -> list[PublicStep]:
    """What happened, as far as it concerns the person, the earliest first. Each kind of step once, as it last was.

    Args:
        for_representative: somebody who asks for the person reads it.
    """
    prefix, zone = "subject_request.", ZoneInfo(profile().time_zone)
    words = public_step_words(case, for_representative=for_representative)
    last: dict[str, LedgerEntry] = {}
    for entry in timeline(case).order_by("recorded_at", "id"):
        last.pop(entry.action, None)
        last[entry.action] = entry
    return [
        PublicStep(entry.recorded_at.astimezone(zone).date(), words[action.removeprefix(prefix)])
        for action, entry in last.items()
        if action.removeprefix(prefix) in words
    ]
