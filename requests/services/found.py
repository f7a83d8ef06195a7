"""Looking for a person's data in every source, in the shape a case keeps it.

For access and erasure alike: what would be erased is what would be copied. But an erasure is about what was there when
it was asked for, and a copy about what is there when it is made.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from privacy.datamap.asking import switched_off_sources
from privacy.datamap.subject_plan import plan_erasure
from requests.deciding.cut import cut_of, spared_columns
from requests.enums import RequestKind
from requests.models import SubjectRequest
from requests.services.locks import giving_way_to
from retention.holding import held_people

_CHANGE_ROWS = frozenset({RequestKind.ERASURE, RequestKind.RECTIFICATION})


@dataclass(frozen=True)
class Found:
    """`plan` is JSON without personal data; `frozen_keys` names the rows where some will be changed, kept encrypted.

    rows: those that the request is about.
    for_decision_of: when the decision was made of which this leaves out what it refused; None when this is everything.
    meant_until: what came about after this day was left out; None when everything was meant.
    """

    plan: dict[str, Any]
    plan_hash: str
    rows: int
    frozen_keys: dict[str, Any] | None
    planned_at: datetime
    for_decision_of: datetime | None = None
    meant_until: date | None = None


def meant_until(case: SubjectRequest) -> date | None:
    """The day of the last request for an erasure; None for what is about everything that is there."""
    return case.asked_until if case.kind == RequestKind.ERASURE else None


def find_data(case: SubjectRequest) -> Found:
    """Ask every source of the data map. Reaches over the network: never call it in a transaction.

    Raises:
        DatamapIncomplete: the data map does not say yet where the person's data is.
        EngineError: a source cannot be reached, or the data map does not fit it.
    """
    cut = cut_of(case)
    held = held_people(except_cases={case.pk, *giving_way_to(case)})
    planned = plan_erasure(
        subject=case.subject, held=held, spared=spared_columns(cut), not_asked=cut.not_asked,
        received_on=meant_until(case),
    )  # fmt: skip
    left_out = list(switched_off_sources().values_list("name", flat=True))
    marks = ({"narrowed": True} if cut else {}) | ({"left_out": left_out} if left_out else {})
    return Found(
        plan=planned.public_data() | marks,
        plan_hash=planned.hash,
        rows=sum(line["rows"] + line["held"] + line["protected"] for line in planned.summary),
        frozen_keys=planned.to_data() if case.kind in _CHANGE_ROWS else None,
        planned_at=timezone.now(),
        for_decision_of=case.decided_at,
        meant_until=meant_until(case),
    )
