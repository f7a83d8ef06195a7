"""What the notice to the person says about one row: whether it went out, and from which day on it lets the row go."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.one_row import OneRow
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.models import Dataset
from retention.models import Rule
from retention.notices.gate import NoticeGate
from retention.notices.known import Known, known_notices
from retention.notices.standing import valid_address
from retention.notices.terms import NoticeTerms, terms_of


class NoticeStand(StrEnum):
    """NOT_GIVEN: nobody was told, or what they were told no longer holds. UNDELIVERED: the letter did not arrive."""

    NOT_GIVEN = "not_given"
    OUTBOX = "outbox"
    UNDELIVERED = "undelivered"
    NO_ADDRESS = "no_address"
    GIVEN = "given"


@dataclass(frozen=True)
class NoticeAnswer:
    """How the notice of a rule stands for the row. free_on: the first day on which it lets the row go, if the letter

    that is still to be written goes out in time; None when nobody can say. given_on: when the letter was written.
    """

    stand: NoticeStand
    free_on: dt.date | None
    given_on: dt.date | None = None


def notice_of(
    rule: Rule, row: OneRow, plan: Plan, step: Step, *, event: Moment, due_on: dt.date, today: dt.date
) -> NoticeAnswer | None:
    """What the notice says about a row; None when the rule tells nobody.

    Args:
        event: the date from which the rule counts.
        due_on: the first day on which the rule asks for the row.
    """
    dataset = Dataset.objects.prefetch_related("fields").get(pk=rule.dataset_id)
    terms = terms_of(rule, dataset)
    if terms is None:
        return None
    key = row.root_key(plan, step, dataset.key)
    if not valid_address(row.at(plan, dataset.key, key).text(terms.address)):
        free_on = _if_told(terms, due_on, today) if terms.acts_without_address else None
        without = NoticeAnswer(NoticeStand.NO_ADDRESS, free_on)
    else:
        without = NoticeAnswer(NoticeStand.NOT_GIVEN, _if_told(terms, due_on, today))
    known = known_notices(rule_id=rule.pk, dataset=dataset.key, keys=[key]).get(key)
    if known is None or not known.is_for(event, version=rule.version, day=today):
        return without
    gate = NoticeGate(rule_id=rule.pk, root=dataset.key, version=rule.version, terms=terms, day=today)
    return _of_known(known, terms, gate.free_from(known, event), due_on, today)


def _of_known(
    known: Known, terms: NoticeTerms, free_on: dt.date | None, due_on: dt.date, today: dt.date
) -> NoticeAnswer:
    given_on = known.notice.given_on
    if known.letter is None:
        return NoticeAnswer(NoticeStand.NO_ADDRESS, free_on, given_on)
    if known.is_undelivered:
        return NoticeAnswer(NoticeStand.UNDELIVERED, None, given_on)
    if free_on is None:
        return NoticeAnswer(NoticeStand.OUTBOX, _if_told(terms, due_on, today), given_on)
    return NoticeAnswer(NoticeStand.GIVEN, free_on, given_on)


def _if_told(terms: NoticeTerms, due_on: dt.date, today: dt.date) -> dt.date:
    """A letter is written so many days before the row is due, or today when that is over."""
    days = dt.timedelta(days=terms.days)
    return max(due_on, today + days)
