"""The ledger of a case in words: what happened, when, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.law.catalogue import authority
from privacy.ledger.actors import ActorKind
from privacy.ledger.models import LedgerEntry
from privacy.letters.words import day_words
from privacy.officers.models import Officer
from requests.enums import Outcome
from requests.models import SubjectRequest
from requests.problems import problem_words
from requests.selectors import timeline

LONGEST = 200

_WORDS: dict[str, str | Promise] = {
    "submitted": gettext_lazy("Request sent"),
    "received": gettext_lazy("Confirmed by the mailed link; data locked against retention"),
    "dated_back": gettext_lazy("Entered later than it came"),
    "identity_asked": gettext_lazy("The person is asked to show who they are"),
    "identity_not_asked": gettext_lazy("Nobody is asked who they are: the law of this case forbids it"),
    "identity_lapsed": gettext_lazy("Nobody showed who they are in time; case closed"),
    "joined": gettext_lazy("Joined to another case; case closed"),
    "took_in": gettext_lazy("Another case was joined to this one"),
    "spam": gettext_lazy("No request at all; case closed"),
    "begun": gettext_lazy("Work began; data locked against retention"),
    "represented": gettext_lazy("Somebody asks for the person; evidence of the authority asked for"),
    "authority_asked": gettext_lazy("Representative asked by what right they ask"),
    "authority_accepted": gettext_lazy("Authority of the representative seen"),
    "representation_ended": gettext_lazy("The representative acts no more; letters go to the person"),
    "authority_rejected": gettext_lazy("Authority of the representative not shown; case closed"),
    "language_changed": gettext_lazy("Our letters are in another language from now on"),
    "minor_noted": gettext_lazy("Noted that the person is a minor"),
    "minor_taken_back": gettext_lazy("Noted that the person is no minor"),
    "assigned": gettext_lazy("Assigned"),
    "identity_matched": gettext_lazy("E-mail address looked for in the sources"),
    "identity_confirmed": gettext_lazy("Identity confirmed"),
    "identity_rejected": gettext_lazy("Identity rejected; case closed"),
    "planning_asked": gettext_lazy("Asked to find the data again"),
    "planning_asked_again": gettext_lazy("Asked to find the data again"),
    "planned": gettext_lazy("Data found and plan made"),
    "problem": gettext_lazy("Work does not get on"),
    "problem_over": gettext_lazy("Work gets on again"),
    "granted": gettext_lazy("Granted"),
    "granted_in_part": gettext_lazy("Granted in part"),
    "plan_narrowed": gettext_lazy("Plan made without what was refused"),
    "decision_void": gettext_lazy("The decision does not fit the data any more and is void"),
    "authority_notified": gettext_lazy("Authority told of the ground that was used"),
    "refused": gettext_lazy("Refused"),
    "erasure_approved": gettext_lazy("Erasure approved by a second officer"),
    "change_noted": gettext_lazy("Wanted change noted by an officer"),
    "value_corrected": gettext_lazy("Value corrected in the source and read back"),
    "identifier_replaced": gettext_lazy("The person is known by the corrected value from now on"),
    "identifier_somebody_elses": gettext_lazy(
        "The corrected value names somebody else we know; see whether it is one person"
    ),
    "correction_stopped": gettext_lazy("The record says something else by now; the change is to be decided again"),
    "corrected": gettext_lazy("Correction carried out and verified; case closed"),
    "annotated": gettext_lazy("The person's words were put beside the data"),
    "recipient_to_tell": gettext_lazy("A recipient has to be told"),
    "recipient_told": gettext_lazy("A recipient was told otherwise"),
    "purposes_noted": gettext_lazy("Purposes that the person means noted by an officer"),
    "narrowed": gettext_lazy("Stopped what was granted; case closed"),
    "cooling_off_began": gettext_lazy("Erasure approved by a second officer; the person can still cancel it"),
    "cooling_off_ended": gettext_lazy("The time to cancel is over; the erasure began"),
    "approval_void": gettext_lazy("Data changed since the approval; plan and approval are void"),
    "returned_to_decision": gettext_lazy("Returned to decision"),
    "erased": gettext_lazy("Erasure carried out and verified; case closed"),
    "package_made": gettext_lazy("Access package made"),
    "package_made_for_post": gettext_lazy("Access package made; it has to be posted"),
    "given_out_for_post": gettext_lazy("Access package given out to be posted"),
    "package_posted": gettext_lazy("Access package posted; case closed"),
    "package_asked_again": gettext_lazy("Asked to make the package again"),
    "downloaded": gettext_lazy("Access package downloaded by the person"),
    "deleted": gettext_lazy("Access package deleted"),
    "plan_changed": gettext_lazy("Data changed since the approval; plan and approval are void"),
    "withdrawn": gettext_lazy("Withdrawn by the person"),
    "lapsed": gettext_lazy("Never confirmed; case closed"),
    "kept_rows_gone": gettext_lazy("Rows that the law had wanted kept are gone"),
    "clock_wait_began": gettext_lazy("Waiting for the person began"),
    "clock_wait_ended": gettext_lazy("Waiting for the person ended"),
    "clock_extended": gettext_lazy("Period extended, after a letter to the person"),
    "fee_estimated": gettext_lazy("Fee estimated; the person is asked whether to go on"),
    "fee_accepted": gettext_lazy("The person accepted the fee"),
    "fee_declined": gettext_lazy("The person declined the fee"),
    "fee_changed": gettext_lazy("The person changed the request instead of paying"),
    "fee_waived": gettext_lazy("Fee waived"),
    "fee_lapsed": gettext_lazy("Fee not accepted in time; case closed"),
    "deposit_received": gettext_lazy("Deposit received"),
    "reply_received": gettext_lazy("The person replied"),
    "acknowledged": gettext_lazy("The person was told that we have it"),
    "assignee_reminded": gettext_lazy("Whoever has the case was asked to look at it"),
    "exported": gettext_lazy("In a list that was exported"),
    "reminded": gettext_lazy("Reminded of a date that comes near"),
    "deemed_refused": gettext_lazy("Refused by silence, as the law says"),
    "answered": gettext_lazy("Answered in words; case closed"),
    "complaint_linked": gettext_lazy("Complaint linked to the case that it is about"),
    "next_date": gettext_lazy("Acknowledged, so the date that comes next counts"),
    "complaint_acknowledged": gettext_lazy("Complaint acknowledged on paper or by telephone"),
    "note_added": gettext_lazy("Investigation note added"),
    "measure_taken": gettext_lazy("Measure recorded"),
    "progress_told": gettext_lazy("The person was told how far the complaint is"),
    "escalated_to_senior": gettext_lazy("Escalated to another Privacy Officer"),
    "escalated_to_authority": gettext_lazy("Put before the authority"),
    "authority_file_made": gettext_lazy("File for the authority made"),
    "person_copy_made": gettext_lazy("Copy of the file for the person made"),
    "viewed": gettext_lazy("Case file opened"),
    "file_added": gettext_lazy("File added"),
    "file_asked": gettext_lazy("Person asked for a document"),
    "file_ask_taken_back": gettext_lazy("Document not asked for any more"),
    "file_opened": gettext_lazy("File opened"),
    "file_scanned": gettext_lazy("File scanned"),
    "file_deletion_asked": gettext_lazy("File is to be deleted"),
    "file_deleted": gettext_lazy("File deleted"),
    "redaction_begun": gettext_lazy("Redaction begun"),
    "redacted": gettext_lazy("Redacted copy made"),
}
_ACTORS: dict[str, str | Promise] = {
    ActorKind.SUBJECT: gettext_lazy("the person"),
    ActorKind.SYSTEM: gettext_lazy("Privacy Desk"),
    ActorKind.API_KEY: gettext_lazy("a system of the organisation"),
    ActorKind.OPERATOR: gettext_lazy("an operator"),
}


@dataclass(frozen=True)
class TimelineLine:
    at: datetime
    words: str | Promise
    by: str | Promise
    details: tuple[str, ...]


def timeline_lines(case: SubjectRequest) -> list[TimelineLine]:
    """The latest first, `LONGEST` at most."""
    return lines_of(list(timeline(case)[:LONGEST]))


def lines_of(entries: list[LedgerEntry]) -> list[TimelineLine]:
    """Entries in words, in the order given."""
    named = _officers(entries)
    return [_line(entry, named) for entry in entries]


def _officers(entries: list[LedgerEntry]) -> dict[str, str]:
    """Names of the officers that the entries speak of, by id."""
    ids = {entry.actor_id for entry in entries if entry.actor_kind == ActorKind.OFFICER}
    given_to = (".assigned", ".escalated_to_senior")
    ids |= {str(entry.data["to"]) for entry in entries if entry.action.endswith(given_to) and entry.data.get("to")}
    officers = Officer.objects.filter(pk__in=[each for each in ids if each.isdigit()])
    return {str(officer.pk): officer.full_name for officer in officers}


def _line(entry: LedgerEntry, named: dict[str, str]) -> TimelineLine:
    code = entry.action.partition(".")[2]
    by = _ACTORS.get(entry.actor_kind) or named.get(entry.actor_id, _("a former officer"))
    return TimelineLine(entry.recorded_at, _WORDS.get(code, entry.action), by, tuple(_details(code, entry.data, named)))


def _details(code: str, data: dict[str, Any], named: dict[str, str]) -> list[str]:
    if code in ("assigned", "escalated_to_senior"):
        return [_("to %(name)s") % {"name": named.get(str(data.get("to")), _("nobody"))}]
    if code in ("planned", "kept_rows_gone", "identity_matched") and "rows" in data:
        return [_("%(n)s rows") % {"n": data["rows"]}]
    if code == "problem" and (problem := problem_words(str(data.get("problem", "")))):
        return [str(problem.happening)]
    if code == "dated_back" and data.get("received"):
        return [_("came on %(day)s") % {"day": _day(data["received"])}]
    if code == "package_posted":
        return [_("on %(day)s") % {"day": _day(data["on"])}]
    if code in ("joined", "took_in"):
        return [str(data.get("into") or data.get("joined", ""))]
    if code in ("identity_asked", "identity_lapsed") and data.get("until"):
        return [_("until %(day)s") % {"day": _day(data["until"])}]
    if code in ("granted", "granted_in_part", "refused") and data.get("grounds"):
        return [", ".join(data["grounds"])]
    if code == "clock_extended" and data.get("due"):
        return [_("due on %(day)s") % {"day": _day(data["due"])}]
    if code == "answered" and data.get("outcome"):
        return [str(Outcome(data["outcome"]).label)]
    if code == "escalated_to_authority":
        return [authority(str(data["authority"])).name]
    if code in ("refused", "authority_notified") and data.get("ground"):
        return [str(data["ground"])]
    return []


def _day(written: object) -> str:
    """A day of the ledger, which keeps it as a machine writes it, as people do."""
    return day_words(date.fromisoformat(str(written)[:10]))
