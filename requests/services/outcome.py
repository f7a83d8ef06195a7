"""What an erasure came to, in words for the person."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.datamap.models import Action
from privacy.datamap.sparing import ground_of
from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.letters.words import day_words
from requests.deciding.cut import cut_of
from requests.deciding.telling import ground_words, tellable
from requests.enums import WITHOUT_GROUND
from requests.models import SubjectRequest
from requests.newer import newer_left
from retention.enums import Result
from retention.models import RunStep


@dataclass(frozen=True)
class ErasureOutcome:
    """`rows` were deleted or anonymised; `done`, `kept` and `newer` are lines for the letter.

    is_refused: whether a part was refused, as far as the person may know of it.
    """

    rows: int
    done: list[str]
    kept: list[str]
    newer: list[str]
    newer_day: str
    is_refused: bool

    @property
    def is_anything_left(self) -> bool:
        """Whether the person is told of something that stays."""
        return self.is_refused or bool(self.kept or self.newer)


def erasure_outcome(case: SubjectRequest) -> ErasureOutcome:
    """Count what all runs of a case did, also those of an earlier plan, and say what is kept and why."""
    rows: Counter[tuple[str, str, str]] = Counter()
    labels: dict[str, str] = {}
    steps = RunStep.objects.filter(run__case_id=case.pk).exclude(action=Action.KEEP)
    for key, label, action, result, done in steps.values_list(
        "dataset_key", "dataset_label", "action", "result", "rows"
    ):
        rows[key, action, result] += done
        labels[key] = label
    with translation.override(case.language):
        done_lines = [_done(labels[key], action, result, n) for (key, action, result), n in sorted(rows.items()) if n]
        done_lines += _asked(case)
        return ErasureOutcome(
            rows=sum(rows.values()), done=done_lines, kept=kept_lines(case.plan or {}), newer=_newer_of_runs(case),
            newer_day=newer_day(case), is_refused=_is_refused(case),
        )  # fmt: skip


def _is_refused(case: SubjectRequest) -> bool:
    return any(line.decision not in WITHOUT_GROUND for line in tellable(cut_of(case).lines))


def _asked(case: SubjectRequest) -> list[str]:
    """What was done in places that are no database, and on whose word."""
    errands = Errand.objects.filter(case_id=case.pk, work=ErrandWork.ERASURE, state=ErrandState.DONE)
    lines = []
    for errand in errands.select_related("source").order_by("source__name"):
        by_processor = _("%(label)s: deleted, as its operator confirmed to us under signature")
        by_hand = _("%(label)s: deleted by our staff, who keep the proof")
        words = by_hand if errand.closed_by_id else by_processor
        lines.append(words % {"label": errand.source.name})
    return lines


def _done(label: str, action: str, result: str, n: int) -> str:
    """Only what is anonymous in law is called so."""
    if action == Action.DELETE:
        words = ngettext("%(label)s: %(n)d record deleted", "%(label)s: %(n)d records deleted", n)
    elif result == Result.ANONYMOUS:
        words = ngettext("%(label)s: %(n)d record made anonymous", "%(label)s: %(n)d records made anonymous", n)
    else:
        words = ngettext(
            "%(label)s: personal details removed or replaced in %(n)d record",
            "%(label)s: personal details removed or replaced in %(n)d records",
            n,
        )
    return words % {"label": label, "n": n}


def kept_lines(plan: dict[str, Any]) -> list[str]:
    """What a plan leaves and why, in words for the person, in the active language."""
    return list(_kept(plan))


def newer_lines(plan: dict[str, Any]) -> list[str]:
    """What a plan leaves because the request is not about it, in words for the person, in the active language."""
    return [_newer(line["dataset"], n) for line in plan.get("summary", ()) if (n := line.get("newer"))]


def newer_day(case: SubjectRequest) -> str:
    """The day up to which the request is meant, in words, in the active language."""
    return day_words(case.asked_until)


def _newer_of_runs(case: SubjectRequest) -> list[str]:
    """The same as it was counted at the end: more may have come since the plan was made."""
    return [_newer(label, n) for label, n in newer_left(case)]


def _newer(label: str, n: int) -> str:
    return ngettext("%(label)s: %(n)d record", "%(label)s: %(n)d records", n) % {"label": label, "n": n}


def _kept(plan: dict[str, Any]) -> Iterator[str]:
    for line in plan.get("summary", ()):
        if line["action"] == Action.KEEP and line["rows"] and (grounds := _grounds(line)):
            yield from _kept_by_decision(line, grounds)
        elif line["action"] == Action.KEEP and line["rows"]:
            words = ngettext("%(label)s: %(n)d record (%(why)s)", "%(label)s: %(n)d records (%(why)s)", line["rows"])
            yield words % {"label": line["dataset"], "n": line["rows"], "why": line["reason"]}
        yield from _kept_by_law(line)
        if line["action"] == Action.MASK and (line["rows"] or line["held"] or line["protected"]):
            yield from _kept_fields(line)


def _grounds(line: dict[str, Any]) -> list[str]:
    """On which grounds an officer decided that something of these rows is kept."""
    found = [ground_of(kept["reason"]) for kept in line["kept"]]
    return list(dict.fromkeys(ground for ground in found if ground is not None))


def _kept_by_decision(line: dict[str, Any], grounds: list[str]) -> Iterator[str]:
    """Rows of which a part was refused, so that they stay as they are. What may not be told is not."""
    why = "; ".join(filter(None, map(_ground, grounds)))
    if why:
        words = ngettext("%(label)s: %(n)d record (%(why)s)", "%(label)s: %(n)d records (%(why)s)", line["rows"])
        yield words % {"label": line["dataset"], "n": line["rows"], "why": why}


def _ground(code: str) -> str:
    words, section = ground_words(code)
    return f"{section} – {words}" if words else ""


def _kept_by_law(line: dict[str, Any]) -> Iterator[str]:
    """Rows that a statutory minimum keeps, until when, and which law says so."""
    for each in line.get("by_law", ()):
        words = ngettext("%(label)s: %(n)d record (%(why)s)", "%(label)s: %(n)d records (%(why)s)", each["rows"])
        if each["until"]:
            words = ngettext(
                "%(label)s: %(n)d record, until %(until)s (%(why)s)",
                "%(label)s: %(n)d records, until %(until)s (%(why)s)",
                each["rows"],
            )
        until = day_words(date.fromisoformat(each["until"])) if each["until"] else ""
        yield words % {"label": line["dataset"], "n": each["rows"], "why": each["reason"], "until": until}


def _kept_fields(line: dict[str, Any]) -> Iterator[str]:
    fields: dict[str, list[str]] = {}
    for kept in line["kept"]:
        ground = ground_of(kept["reason"])
        if why := kept["reason"] if ground is None else _ground(ground):
            fields.setdefault(why, []).append(kept["field"])
    for why, names in fields.items():
        particulars = {"label": line["dataset"], "fields": ", ".join(names), "why": why}
        yield _("%(label)s: %(fields)s (%(why)s)") % particulars
