"""What was decided about each part of a case, and who has to be told of it. Officers see the grounds that nobody else
may be told of, and that they are such.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.models import DataCategory
from privacy.law.enums import Alternative
from privacy.law.words import alternative_word
from privacy.officers.access import may
from privacy.register.selectors import local_date
from requests.admin.cards.shape import Card
from requests.admin.decision_form import ground_label
from requests.deciding.grounds import known_ground, notices_of
from requests.enums import Verdict
from requests.models import CategoryDecision, SubjectRequest

_LEVELS = {Verdict.GRANT: "ok", Verdict.PARTIAL: "soon", Verdict.REFUSE: "overdue", Verdict.UNASKED: "info"}


def _decisions(case: SubjectRequest, officer: Any) -> dict[str, Any] | None:
    lines = list(CategoryDecision.objects.filter(case=case)) if case.decided_at is not None else []
    if not lines:
        return None
    return {
        "lines": [_line(line) for line in lines],
        "all_granted": all(line.decision == Verdict.GRANT for line in lines),
        "notices": notices_of(lines),
        "may_note": may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"),
        "today": local_date(timezone.now()),
        "case": case,
    }


def _line(line: CategoryDecision) -> dict[str, Any]:
    ground = known_ground(line.ground) if line.ground else None
    category = str(DataCategory(line.category).label).capitalize() if line.category else ""
    return {
        "part": category or line.where or _("Everything"),
        "where": line.where if category else "",
        "decision": Verdict(line.decision).label,
        "level": _LEVELS[Verdict(line.decision)],
        "ground": ground_label(ground) if ground else line.ground,
        "is_secret": bool(line.ground) and (ground is None or not ground.disclosable),
        "reasons": line.reasons,
        "severed": line.severed,
        "columns": [column for columns in line.left_out.values() for column in columns],
        "alternatives": [alternative_word(Alternative(code)) for code in line.alternatives],
        "own_alternative": line.own_alternative,
    }


CARDS = (Card("decision", "case", "officer/requests/cards/decision.html", _decisions),)
