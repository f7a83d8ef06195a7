"""The grounds on which a case may be refused, what each of them wants, and which of them may be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from privacy.law.afterwards import wait_ends_on
from privacy.law.catalogue import authority, grounds_for, jurisdiction
from privacy.law.catalogue import ground as ground_by_code
from privacy.law.enums import KindOfRequest, Statement
from privacy.law.errors import UnknownLaw
from privacy.law.shapes import Authority, RefusalGround
from privacy.register.selectors import overlay_for
from requests.clocks import calendars_of, laws_of
from requests.models import CategoryDecision, SubjectRequest

_NAMES_ITS_ACT = ("DPA 2018, ", "PAIA ")
"""How a section begins that names its Act: one of another Act than the law that the ground belongs to."""


def grounds_of(case: SubjectRequest) -> list[RefusalGround]:
    """Every ground that the laws of the case know for this kind; also those of which nobody may be told.

    The laws are those it was opened under: the letter names their authorities and their periods as well.
    """
    return list(grounds_for(laws=laws_of(case.deadlines), kind=KindOfRequest(case.kind)))


def told_grounds(case: SubjectRequest) -> list[RefusalGround]:
    """The grounds of which the person may be told."""
    return [ground for ground in grounds_of(case) if ground.disclosable]


def may_be_told(code: str) -> bool:
    """Whether a person may learn that this ground was used. Of a ground that this release does not know: no."""
    known = known_ground(code)
    return known is not None and known.disclosable


def known_ground(code: str) -> RefusalGround | None:
    try:
        return ground_by_code(code)
    except UnknownLaw:
        return None


def law_can_silence(case: SubjectRequest) -> bool:
    """Whether a law of the case knows grounds for this kind that nobody may be told of.

    Follows from laws and kind alone, never from the case: whoever reads it learns nothing about theirs.
    """
    return any(not ground.disclosable for ground in grounds_of(case))


def must_offer_instead(case: SubjectRequest) -> bool:
    """Whether a law of the case wants a refusal to say what the person can have instead."""
    demanded = (jurisdiction(law).refusal_must_say for law in laws_of(case.deadlines))
    return any(Statement.ALTERNATIVES in statements for statements in demanded)


def authorities_to_notify(ground: RefusalGround) -> list[Authority]:
    """Who has to be told that this ground was used."""
    if not ground.notify_authority or ground.law is None:
        return []
    return [authority(code) for code in jurisdiction(ground.law).authorities]


def may_be_decided_from(case: SubjectRequest, ground: RefusalGround, waited_from: date) -> date | None:
    """The first day on which a refusal on this ground may be decided; None where the law wants no wait.

    Counted by the calendars that the case was opened under; the latest where it leaves open which: a day too early
    breaks the law.
    """
    if ground.wait is None:
        return None
    calendars = calendars_of(case.deadlines, ground.law)
    ends = [wait_ends_on(ground, waited_from, calendar=name, overlay=overlay_for(name)) for name in calendars]
    return max((each for each in ends if each is not None), default=date.max)


@dataclass(frozen=True)
class Notice:
    """An authority that has to be told of a decision, and on which day it was."""

    decision_id: int
    ground: str
    authorities: tuple[Authority, ...]
    notified_on: date | None


def notices_of(lines: Iterable[CategoryDecision]) -> list[Notice]:
    """Who has to be told of stored decisions."""
    found = []
    for line in lines:
        ground = known_ground(line.ground) if line.ground else None
        if ground is not None and (bodies := authorities_to_notify(ground)):
            found.append(Notice(line.pk, ground.code, tuple(bodies), line.authority_notified_on))
    return found
