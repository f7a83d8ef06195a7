"""The ledger of a case in words: what happened, when, and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.ledger.actors import ActorKind
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer
from requests.models import SubjectRequest
from requests.problems import problem_words
from requests.selectors import timeline

LONGEST = 200

_WORDS: dict[str, str | Promise] = {
    "submitted": gettext_lazy("Request sent"),
    "received": gettext_lazy("Confirmed by the mailed link; data locked against retention"),
    "assigned": gettext_lazy("Assigned"),
    "identity_confirmed": gettext_lazy("Identity confirmed"),
    "identity_rejected": gettext_lazy("Identity rejected; case closed"),
    "planning_asked": gettext_lazy("Asked to find the data again"),
    "planning_asked_again": gettext_lazy("Asked to find the data again"),
    "planned": gettext_lazy("Data found and plan made"),
    "problem": gettext_lazy("Work does not get on"),
    "granted": gettext_lazy("Granted"),
    "refused": gettext_lazy("Refused"),
    "erasure_approved": gettext_lazy("Erasure approved by a second officer"),
    "returned_to_decision": gettext_lazy("Returned to decision"),
    "erased": gettext_lazy("Erasure carried out and verified; case closed"),
    "package_made": gettext_lazy("Access package made"),
    "package_downloaded": gettext_lazy("Access package downloaded by the person"),
    "package_deleted": gettext_lazy("Access package deleted"),
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
    "joined": gettext_lazy("Joined to an earlier case of the same person; case closed"),
    "reminded": gettext_lazy("Reminded of a date that comes near"),
    "deemed_refused": gettext_lazy("Refused by silence, as the law says"),
    "viewed": gettext_lazy("Case file opened"),
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
    entries = list(timeline(case)[:LONGEST])
    named = _officers(entries)
    return [_line(entry, named) for entry in entries]


def _officers(entries: list[LedgerEntry]) -> dict[str, str]:
    """Names of the officers that the entries speak of, by id."""
    ids = {entry.actor_id for entry in entries if entry.actor_kind == ActorKind.OFFICER}
    ids |= {str(entry.data["to"]) for entry in entries if entry.action.endswith(".assigned") and entry.data.get("to")}
    officers = Officer.objects.filter(pk__in=[each for each in ids if each.isdigit()])
    return {str(officer.pk): officer.full_name for officer in officers}


def _line(entry: LedgerEntry, named: dict[str, str]) -> TimelineLine:
    code = entry.action.partition(".")[2]
    by = _ACTORS.get(entry.actor_kind) or named.get(entry.actor_id, _("a former officer"))
    return TimelineLine(entry.recorded_at, _WORDS.get(code, entry.action), by, tuple(_details(code, entry.data, named)))


def _details(code: str, data: dict[str, Any], named: dict[str, str]) -> list[str]:
    if code == "assigned":
        return [_("to %(name)s") % {"name": named.get(str(data.get("to")), _("nobody"))}]
    if code in ("planned", "kept_rows_gone") and "rows" in data:
        return [_("%(n)s rows") % {"n": data["rows"]}]
    if code == "problem" and (problem := problem_words(str(data.get("problem", "")))):
        return [str(problem.happening)]
    if code == "refused" and data.get("ground"):
        return [str(data["ground"])]
    return []
