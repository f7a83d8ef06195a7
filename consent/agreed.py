"""To which uses of their data people had consented on the day; asked by the disclosure log."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from consent.models import ConsentRecord, Decision
from privacy.register.disclosures.told import Use
from privacy.register.selectors import zone

Decided = tuple[datetime, datetime, str]
"""When the person decided, when it was recorded, and what."""


def agreed_to(uses: Collection[Use]) -> set[Use]:
    """Those uses to which the person's consent stood on that day: given by then, and not withdrawn before it.

    A decision counts from the day on which the person made it, as far as somebody said when that was: consents that
    were given before they were entered here were given all the same.
    """
    decided: dict[tuple[UUID, int], list[Decided]] = defaultdict(list)
    rows = ConsentRecord.objects.filter(
        subject__in={use.subject_id for use in uses}, purpose__in={use.purpose_id for use in uses}
    ).order_by()
    for subject_id, purpose_id, decision, occurred_at, recorded_at in rows.values_list(
        "subject_id", "purpose_id", "decision", "occurred_at", "recorded_at"
    ).iterator(2000):
        decided[subject_id, purpose_id].append((min(occurred_at or recorded_at, recorded_at), recorded_at, decision))
    local = zone()
    return {
        use
        for use in uses
        if _stood(
            ((moment.astimezone(local).date(), decision) for moment, _at, decision in sorted(decided[use[:2]])), use.day
        )
    }


def _stood(decisions: Iterable[tuple[date, str]], day: date) -> bool:
    """Whether consent was in force at any time of a day; decisions in the order in which they were made."""
    standing = False
    for on, decision in decisions:
        if on > day:
            break
        given = decision == Decision.GIVEN
        standing = given or (standing and on == day)  # what is withdrawn on a day stood until then
    return standing
