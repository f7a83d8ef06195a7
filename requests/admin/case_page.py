"""What the page of a case shows, read for one officer in a constant number of queries.

What stands above the tabs is here; what a tab shows is in `requests.admin.cards`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.datamap.newer import lost_words
from privacy.datamap.sparing import reason_words
from privacy.errands.models import Errand, ErrandState
from privacy.law.enums import Confidence, Origin
from privacy.letters.words import day_words
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from requests.admin.acts import ACTS, Act
from requests.admin.map_lacks import with_what_lacks
from requests.admin.presenting import flags, kind_word, law_label
from requests.admin.task_rows import task_rows
from requests.deciding.sources import never_looked_in, not_planned, waited_for
from requests.enums import RequestKind, RequestState
from requests.models import SubjectRequest
from requests.problems import PACKAGE_FAILED, PLANNING_FAILED, VOIDED, problem_words
from requests.selectors import NextStep, due_status, next_step
from requests.traits import Answer, traits_of
from retention.admin.progress import RunRow, run_rows
from retention.models import Run

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
CONFIDENCE_WORDS: dict[Confidence, str | Promise] = {
    Confidence.STATUTE: gettext_lazy("read in the statute"),
    Confidence.REGULATION: gettext_lazy("read in the regulation"),
    Confidence.SECONDARY: gettext_lazy("from guidance or commentary"),
    Confidence.MEMORY: gettext_lazy("from memory, without a source at hand"),
    Confidence.CONFLICT: gettext_lazy("the stricter of sources that disagree"),
    Confidence.ANALOGY: gettext_lazy("used by analogy, for the law gives no period for this kind"),
}
LIVE = frozenset({RequestState.PLANNING, RequestState.EXECUTING})
UNDONE = frozenset({RequestState.DECIDING, RequestState.AWAITING_APPROVAL, RequestState.COOLING_OFF})


@dataclass(frozen=True)
class Clock:
    """One law or promise: its last day, the arithmetic in words, and how well the figure is known.

    `known` says where the figure comes from, `verified` who has checked it and when; empty for a promise.
    """

    label: str
    citation: str
    due_on: date
    sentences: list[str]
    source: str = ""
    known: str | Promise = ""
    note: str = ""
    verified: str = ""


def head_context(case: SubjectRequest, officer: Officer) -> dict[str, Any]:
    """What stands above every tab: which case it is, how it stands, and the one next step."""
    step = next_step(case, officer)
    return {
        "kind": kind_word(case),
        "looks_for_data": traits_of(case.kind).looks_for_data,
        "is_erasure": case.kind == RequestKind.ERASURE,
        "is_live": is_live(case) and not (step and step.code == "send_by_post"),
        "due": due_status(case, local_date(timezone.now())),
        "flags": flags(case),
        "next": step,
        "stage_words": _stage_words(case, step),
        "other_acts": other_acts(case, step),
        "problem": with_what_lacks(problem_words(case.problem), case),
        "problem_details": case.problem_details if case.problem in (PLANNING_FAILED, PACKAGE_FAILED) else "",
    }


def case_context(case: SubjectRequest, officer: Officer) -> dict[str, Any]:
    """What the pages on which a case is decided and approved show."""
    return head_context(case, officer) | {"plan": plan_context(case)}


_ASKED = frozenset({RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING})


def _stage_words(case: SubjectRequest, step: NextStep | None) -> str | Promise:
    if step is not None and step.code == "send_by_post":
        return _("The package is ready, and the person has no e-mail address. The case ends when it is posted.")
    if case.state == RequestState.PLANNING and case.problem and case.problem not in VOIDED:
        return _("Nothing was found yet, for the reason that stands above.")
    if case.state in _ASKED and case.clock_stands:
        return _("We wait for the person, and the clock stands until they answer.")
    if case.state in _ASKED and case.waiting_for:
        return _("We wait for the person, and the clock runs on meanwhile.")
    if case.state == RequestState.EXECUTING and Errand.objects.filter(case_id=case.pk, state=ErrandState.OPEN).exists():
        return _("It goes on by itself once the tasks below are done.")
    if case.state == RequestState.DECIDING and traits_of(case.kind).answer is Answer.WORDS:
        return _("Look into it, then answer. The letter is shown before it goes out.")
    return STAGE_WORDS.get(case.state, "")


def results_context(case: SubjectRequest) -> dict[str, Any]:
    """The part that changes while work is going on."""
    runs: list[RunRow] = run_rows(Run.objects.filter(case_id=case.pk), with_kept=True)
    tasks = task_rows(case.pk)
    waiting = [task for task in tasks if not task.is_done]
    return {"runs": runs, "waiting_tasks": waiting, "done_tasks": len(tasks) - len(waiting), "is_live": is_live(case)}


def is_live(case: SubjectRequest) -> bool:
    """Whether work is going on that the page follows by itself."""
    return case.state in LIVE and not case.problem


def clocks(case: SubjectRequest) -> list[Clock]:
    """Every clock of the case, the binding one first."""
    return [
        Clock(
            law_label(kept), kept["citation"], date.fromisoformat(kept["due_on"]), kept["sentences"],
            **_known(kept["rule"]) if kept["origin"] == Origin.LAW else {},
        )
        for kept in case.deadlines
    ]  # fmt: skip


def _known(rule: dict[str, Any]) -> dict[str, Any]:
    """How well the figure of a rule is known, as the rule said when the case was opened."""
    by, on = rule.get("verified_by"), rule.get("verified_on")
    verified = by or ""
    if by and on:
        verified = _("checked by %(by)s on %(on)s") % {"by": by, "on": day_words(date.fromisoformat(on))}
    return {
        "source": rule["source"], "note": rule["note"], "known": CONFIDENCE_WORDS[Confidence(rule["confidence"])],
        "verified": verified or _("not checked by counsel yet"),
    }  # fmt: skip


def other_acts(case: SubjectRequest, step: NextStep | None) -> list[Act]:
    """What can be done beside the next step."""
    if step is None:
        return []
    blocked = step.blocked_reason is not None and case.state != RequestState.AWAITING_APPROVAL
    return [] if blocked else [act for act in ACTS if act.fits(case) and act.code != step.code]


def email_of(case: SubjectRequest) -> dict[str, Any] | None:
    """The person's address and since when they have shown that it is theirs."""
    found = case.subject.identifiers.filter(kind=IdentifierKind.EMAIL, former_since__isnull=True).order_by("id").first()
    return {"value": found.value, "verified_at": found.verified_at} if found else None


def plan_context(case: SubjectRequest) -> dict[str, Any] | None:
    """The plan by source, as the officer decides on it. Only an erasure leaves rows alone that are held or that a law
    keeps; whoever asks to see their data, take it along or have it corrected is asked about all of them.
    """
    if not case.plan:
        return None
    erases = case.kind == RequestKind.ERASURE
    by_source: dict[str, list[dict[str, Any]]] = {}
    for line in case.plan.get("summary", []):
        if not erases:
            line = line | {"rows": _all_rows(line), "held": 0, "protected": 0, "newer": 0, "newer_lost": 0}
        line = line | {"kept": [kept | {"reason": reason_words(kept["reason"])} for kept in line["kept"]]}
        shown = {"level": _LEVELS.get(line["action"], "plain"), "by_law": [*map(_kept_by_law, line.get("by_law", ()))]}
        shown["lost_words"] = lost_words(line.get("newer_lost", 0))
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
        "meant_until": case.asked_until,
        "words": _plan_words(case, bool(by_source)),
    } | _switched_since(case)


def _switched_since(case: SubjectRequest) -> dict[str, list[str]]:
    """How the plan of a case and the sources that are on now differ, by name, while it can be changed or waits.

    left_out: off, and nothing is said about them. was_left_out: the same when the plan was made, of one that can be
    changed no more. switched_on: on, and nothing is said about them. waited_for: in the
    plan, and off.
    """
    is_undone = case.state in UNDONE
    is_copied = case.state == RequestState.EXECUTING and traits_of(case.kind).answer is Answer.PACKAGE
    found = {
        "left_out": never_looked_in(case) if is_undone else (),
        "switched_on": not_planned(case) if is_undone else (),
        "waited_for": waited_for(case) if is_undone or is_copied else (),
    }
    was_left_out = [] if is_undone else (case.plan or {}).get("left_out", [])
    return {name: [source.name for source in sources] for name, sources in found.items()} | {
        "was_left_out": was_left_out
    }


def _all_rows(line: dict[str, Any]) -> int:
    return int(line["rows"] + (line["held"] or 0) + (line.get("protected") or 0))


def _kept_by_law(kept: dict[str, Any]) -> dict[str, Any]:
    return kept | {"until_day": date.fromisoformat(kept["until"]) if kept["until"] else None}


_LEVELS = {"delete": "overdue", "mask": "info", "keep": "plain"}


def _plan_words(case: SubjectRequest, found: bool) -> str | Promise:
    if not found:
        return _("Nothing about this person was found in any source.")
    if case.kind == RequestKind.ERASURE:
        return _("This, and nothing else, is done when the erasure is approved.")
    asked = any(line["action"] == "ask" for line in (case.plan or {}).get("summary", ()))
    if case.kind == RequestKind.RECTIFICATION:
        return _("What is wrong is corrected in these places, and nowhere else.")
    if case.kind == RequestKind.PORTABILITY:
        return _("These places hold data about the person; what came from them goes into the file.")
    if asked:
        return _("These are the places that are looked through; all that is found goes into the access package.")
    return _("These tables hold data about the person; all of it goes into the access package.")
