"""How the dates were counted: what a case keeps of its clocks, and the sentences in the language of the file.

Danger: a file that explains another date than the one the case was held to. Holidays are added, and the words of the
sentences change with releases, after a case has kept its own.
Rule: what is kept is what counts. The clocks are computed anew only to say the same in another language, and that is
used only where, in the language in which it was kept, it says exactly what was kept. Else the kept sentences stand.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy.law.display import cited
from privacy.law.enums import Cause, Origin
from privacy.law.errors import LawError
from privacy.law.events import ClockEvent as LawEvent
from privacy.law.words import cause_word
from privacy.register.selectors import local_date
from requests.authority_file.shape import moment
from requests.clocks import KEPT_IN, citation_of, sentences_after
from requests.models import ClockEvent, SubjectRequest
from requests.services.clock_events import events_of

_KEPT = (
    "origin", "measures", "received_on", "due_on", "target_on", "acknowledge_by", "extension_notice_by",
    "deemed_refused_on", "rule_id", "rule_version",
)  # fmt: skip


def clocks(case: SubjectRequest) -> list[dict[str, Any]]:
    """Every clock as it is kept. `sentences_in` is the language of its sentences: the file's, where that can be."""
    anew = {} if _speaks(KEPT_IN) else _explained_anew(case)
    return [_clock(kept, anew.get(kept["rule_id"])) for kept in case.deadlines]


def events(case: SubjectRequest) -> list[dict[str, Any]]:
    """What moved the clocks, in order."""
    return [_event(event, case.deadlines) for event in case.clock_events.order_by("id")]


def _clock(kept: dict[str, Any], anew: tuple[list[str], list[str]] | None) -> dict[str, Any]:
    sentences, language = kept["sentences"], KEPT_IN
    if anew is not None and anew[0] == sentences:
        sentences, language = anew[1], translation.get_language()
    citation = kept["citation"]
    return {
        "citation": _(citation) if kept["origin"] == Origin.PROMISE else cited(citation),
        **{name: kept.get(name) for name in _KEPT},
        "sentences": sentences,
        "sentences_in": language,
    }


def _explained_anew(case: SubjectRequest) -> dict[str, tuple[list[str], list[str]]]:
    """By rule: the sentences in the language in which they are kept, and in the active one. Empty where no clock can be
    computed any more."""
    events = events_of(case)
    given: Any = {"deadlines": case.deadlines, "received_on": case.received_on, "events": events}
    given["as_of"] = _last_looked_at(case, events)
    try:
        ours = sentences_after(**given)
        with translation.override(KEPT_IN):
            kept = sentences_after(**given)
    except LawError:
        return {}
    return {rule_id: (kept[rule_id], said) for rule_id, said in ours.items()}


def _last_looked_at(case: SubjectRequest, events: Sequence[LawEvent]) -> date:
    """The day as of which a clock that stands was counted last: it is counted every day while the case is open."""
    return max([local_date(case.closed_at or timezone.now()), *(event.on for event in events[-1:])])


def _speaks(language: str) -> bool:
    return translation.get_language() == language


def _event(event: ClockEvent, deadlines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "on": event.on.isoformat(),
        "what": str(event.get_kind_display()),
        "cause": event.cause,
        "cause_words": _cause(event.cause),
        "under": event.under,
        "law": citation_of(deadlines, event.under),
        "by": event.n,
        "ground": event.ground,
        "permitted_by_authority": event.permitted_by_authority,
        "reason": event.reason,
        "recorded": moment(event.recorded_at),
    }


def _cause(code: str) -> str:
    return _(cause_word(Cause(code))) if code else ""
