"""To which uses of their data people had consented on the day; asked by the disclosure log."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, tzinfo
from operator import itemgetter
from uuid import UUID

from consent.models import ConsentRecord, Decision
from consent.services.spoken import is_unsaid
from privacy.register.disclosures.told import Use
from privacy.register.selectors import zone

Decided = tuple[datetime, datetime, str, datetime | None, bool]
"""When the person decided, when it was recorded, what, when it ends by itself, and whether they said it."""


def agreed_to(uses: Collection[Use]) -> set[Use]:
    """Those uses to which the person's consent stood on that day: given by then, and neither withdrawn before it nor
    run out.

    A decision counts from the day on which the person made it, as far as somebody said when that was: consents that
    were given before they were entered here were given all the same.
    """
    decided: dict[tuple[UUID, int], list[Decided]] = defaultdict(list)
    rows = ConsentRecord.objects.filter(
        subject__in={use.subject_id for use in uses}, purpose__in={use.purpose_id for use in uses}
    ).order_by()
    for subject_id, purpose_id, decision, method, occurred_at, recorded_at, expires_at in rows.values_list(
        "subject_id", "purpose_id", "decision", "method", "occurred_at", "recorded_at", "expires_at"
    ).iterator(2000):
        moment = min(occurred_at or recorded_at, recorded_at)
        is_said = not is_unsaid(decision, method)
        decided[subject_id, purpose_id].append((moment, recorded_at, decision, expires_at, is_said))
    local = zone()
    return {use for use in uses if _stood(_in_days(decided[use[:2]], local), use.day)}


def _in_days(decisions: Iterable[Decided], local: tzinfo) -> Iterator[tuple[date, str, date | None]]:
    """In the order in which they count, as in `consent.services.order`: of one day what was told last, and no silence
    of whoever had said no.
    """
    rows = [(at.astimezone(local).date(), told, what, ends, said) for at, told, what, ends, said in decisions]
    said_no = False
    for on, _at, decision, ends, is_said in sorted(rows, key=itemgetter(0, 1)):
        if said_no and not is_said:
            continue
        said_no = is_said and decision in (Decision.REFUSED, Decision.WITHDRAWN)
        yield on, decision, ends.astimezone(local).date() if ends else None


def _stood(decisions: Iterable[tuple[date, str, date | None]], day: date) -> bool:
    """Whether consent was in force at any time of a day; decisions in the order in which they were made."""
    standing = False
    for on, decision, ends in decisions:
        if on > day:
            break
        lasts = ends is None or ends >= day
        # what is withdrawn on a day stood until then
        standing = lasts if decision == Decision.GIVEN else standing and on == day
    return standing
