"""What the page of a case shows, read for one officer in a constant number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.datamap.sparing import reason_words
from privacy.errands.models import Errand, ErrandState
from privacy.law.catalogue import ground
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from requests.admin.acts import ACTS, Act
from requests.admin.assigning import AssignForm
from requests.admin.cards import CARDS, FIRST_TAB, TABS, cards_of
from requests.admin.presenting import kind_word, law_label
from requests.admin.task_rows import task_rows
from requests.admin.timeline import timeline_lines
from requests.enums import RequestKind, RequestState
from requests.models import AccessPackage, SubjectRequest
from requests.problems import problem_words
from requests.selectors import due_status, next_step
from requests.traits import Answer, traits_of
from retention.admin.progress import RunRow, run_rows
from retention.models import Hold, Run

STAGE_WORDS: dict[str, str | Promise] = {
    RequestState.UNCONFIRMED: gettext_lazy("Nothing is done before the person uses the link. Unused, it lapses."),
    RequestState.RECEIVED: gettext_lazy("Look at who asks. The clock is running, and retention leaves the data alone."),
    RequestState.PLANNING: gettext_lazy("Every source is asked. This takes seconds to minutes."),
    RequestState.DECIDING: gettext_lazy("Look at what was found, then grant or refuse."),
    RequestState.AWAITING_APPROVAL: gettext_lazy(
        "Another officer looks at the plan and approves it, or sends it back."
    ),
    RequestState.COOLING_OFF: gettext_lazy("It is carried out by itself when the time to cancel is over."),
    RequestState.EXECUTING: gettext_lazy("It goes on by itself, also when nobody looks."),
}
LIVE = frozenset({RequestState.PLANNING, RequestState.EXECUTING})


@dataclass(frozen=True)
class Clock:
    """One law or promise: its last day, and the arithmetic in words."""

    label: str
    citation: str
    due_on: date
    sentences: list[str]


def case_context(case: SubjectRequest, officer: Officer) -> dict[str, Any]:
    """Everything on the page of a case."""
    may_assign = officer.has_perm("requests.assign_subjectrequest") and case.closed_at is None
    return results_context(case) | {
        "kind": kind_word(case),
        "looks_for_data": traits_of(case.kind).looks_for_data,
        "is_erasure": case.kind == RequestKind.ERASURE,
        "due": due_status(case, local_date(timezone.now())),
        "clocks": clocks(case),
        "next": next_step(case, officer),
        "stage_words": _stage_words(case),
        "other_acts": other_acts(case, officer),
        "email": email_of(case),
        "problem": problem_words(case.problem),
        "plan": plan_context(case),
        "package": AccessPackage.objects.filter(case=case).first(),
        "approvals": case.approvals.select_related("officer"),
        "ground": ground(case.refusal_ground) if case.refusal_ground else None,
        "letters": Letter.objects.filter(case_id=case.pk),
        "holds": Hold.objects.filter(subject=case.subject, released_at__isnull=True),
        "timeline": timeline_lines(case),
        "assign_form": AssignForm(initial={"assignee": case.assignee_id}) if may_assign else None,
    }


def tab_context(case: SubjectRequest, officer: Officer, tab: str) -> dict[str, Any]:
    """The tabs, and the cards of the one that is open. A tab without any card is not offered."""
    used = {card.tab for card in CARDS} | {FIRST_TAB}
    offered = [{"code": code, "title": title, "current": code == tab} for code, title in TABS if code in used]
    return {"tabs": offered if len(offered) > 1 else [], "tab": tab, "cards": cards_of(case, officer, tab)}


def _stage_words(case: SubjectRequest) -> str | Promise:
    if case.state == RequestState.EXECUTING and Errand.objects.filter(case_id=case.pk, state=ErrandState.OPEN).exists():
        return _("It goes on by itself once the tasks below are done.")
    if case.state == RequestState.DECIDING and traits_of(case.kind).answer is Answer.WORDS:
        return _("Look into it, then answer. The letter is shown before it goes out.")
    return STAGE_WORDS.get(case.state, "")


def results_context(case: SubjectRequest) -> dict[str, Any]:
    """The part that changes while work is going on."""
    runs: list[RunRow] = run_rows(Run.objects.filter(case_id=case.pk))
    return {"runs": runs, "tasks": task_rows(case.pk), "is_live": case.state in LIVE and not case.problem}


def clocks(case: SubjectRequest) -> list[Clock]:
    """Every clock of the case, the binding one first."""
    return [
        Clock(law_label(kept), kept["citation"], date.fromisoformat(kept["due_on"]), kept["sentences"])
        for kept in case.deadlines
    ]


def other_acts(case: SubjectRequest, officer: Officer) -> list[Act]:
    """What can be done beside the next step."""
    step = next_step(case, officer)
    if step is None:
        return []
    blocked = step.blocked_reason is not None and case.state != RequestState.AWAITING_APPROVAL
    return [] if blocked else [act for act in ACTS if act.fits(case) and act.code != step.code]


def email_of(case: SubjectRequest) -> dict[str, Any] | None:
    """The person's address and since when they have shown that it is theirs."""
    found = case.subject.identifiers.filter(kind=IdentifierKind.EMAIL).order_by("id").first()
    return {"value": found.value, "verified_at": found.verified_at} if found else None


def plan_context(case: SubjectRequest) -> dict[str, Any] | None:
    """The plan by source, as the officer decides on it."""
    if not case.plan:
        return None
    by_source: dict[str, list[dict[str, Any]]] = {}
    for line in case.plan.get("summary", []):
        line = line | {"kept": [kept | {"reason": reason_words(kept["reason"])} for kept in line["kept"]]}
        shown = {"level": _LEVELS.get(line["action"], "plain"), "by_law": [*map(_kept_by_law, line.get("by_law", ()))]}
        by_source.setdefault(line["source"], []).append(line | shown)
    rows = sum(line["rows"] for lines in by_source.values() for line in lines if line["action"] != "keep")
    held = sum(line["held"] or 0 for lines in by_source.values() for line in lines)
    return {
        "sources": by_source,
        "rows": rows,
        "held": held,
        "asked": any(line["action"] == "ask" for lines in by_source.values() for line in lines),
        "hash": case.plan_hash,
        "made_at": case.planned_at,
        "words": _plan_words(case, bool(by_source)),
    }


def _kept_by_law(kept: dict[str, Any]) -> dict[str, Any]:
    return kept | {"until_day": date.fromisoformat(kept["until"]) if kept["until"] else None}


_LEVELS = {"delete": "overdue", "mask": "info", "keep": "plain"}


def _plan_words(case: SubjectRequest, found: bool) -> str | Promise:
    if not found:
        return _("Nothing about this person was found in any source.")
    if case.kind == RequestKind.ERASURE:
        return _("This, and nothing else, is done when the erasure is approved.")
    if any(line["action"] == "ask" for line in (case.plan or {}).get("summary", ())):
        return _("These are the places that are looked through; all that is found goes into the access package.")
    return _("These tables hold data about the person; all of it goes into the access package.")
