"""What an erasure came to, in words for the person."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.datamap.models import Action
from privacy.errands.models import Errand, ErrandState, ErrandWork
from requests.models import SubjectRequest
from retention.models import RunStep


@dataclass(frozen=True)
class Outcome:
    """`rows` were deleted or anonymised; `done` and `kept` are lines for the letter."""

    rows: int
    done: list[str]
    kept: list[str]


def erasure_outcome(case: SubjectRequest) -> Outcome:
    """Count what all runs of a case did, also those of an earlier plan, and say what is kept and why."""
    rows: Counter[tuple[str, str]] = Counter()
    labels: dict[str, str] = {}
    steps = RunStep.objects.filter(run__case_id=case.pk).exclude(action=Action.KEEP)
    for key, label, action, done in steps.values_list("dataset_key", "dataset_label", "action", "rows"):
        rows[key, action] += done
        labels[key] = label
    with translation.override(case.language):
        done_lines = [_done(labels[key], action, n) for (key, action), n in sorted(rows.items()) if n]
        done_lines += _asked(case)
        return Outcome(sum(rows.values()), done_lines, list(_kept(case.plan or {})))


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


def _done(label: str, action: str, n: int) -> str:
    if action == Action.DELETE:
        words = ngettext("%(label)s: %(n)d record deleted", "%(label)s: %(n)d records deleted", n)
    else:
        words = ngettext("%(label)s: %(n)d record made anonymous", "%(label)s: %(n)d records made anonymous", n)
    return words % {"label": label, "n": n}


def _kept(plan: dict[str, Any]) -> Iterator[str]:
    for line in plan.get("summary", ()):
        if line["action"] == Action.KEEP and line["rows"]:
            words = ngettext("%(label)s: %(n)d record (%(why)s)", "%(label)s: %(n)d records (%(why)s)", line["rows"])
            yield words % {"label": line["dataset"], "n": line["rows"], "why": line["reason"]}
        if line["action"] == Action.MASK:
            yield from _kept_fields(line)


def _kept_fields(line: dict[str, Any]) -> Iterator[str]:
    fields: dict[str, list[str]] = {}
    for kept in line["kept"]:
        if kept["reason"]:
            fields.setdefault(kept["reason"], []).append(kept["field"])
    for why, names in fields.items():
        particulars = {"label": line["dataset"], "fields": ", ".join(names), "why": why}
        yield _("%(label)s: %(fields)s (%(why)s)") % particulars
