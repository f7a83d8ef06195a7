"""What the portal offers to ask for, in groups that people find themselves in."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from requests.clocks import cited, clocks_at_receipt
from requests.public_words import GROUPS, KINDS
from requests.traits import PORTAL_KINDS


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to ask for, and the day by which somebody who asks today is answered."""

    kind: str
    title: str | Promise
    words: str | Promise
    due_on: date | None = None
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedGroup:
    title: str | Promise
    offers: tuple[Offer, ...]


def offered_groups(asked_on: date | None = None) -> list[OfferedGroup]:
    """All that can be asked for, by group.

    Args:
        asked_on: the day from which dates are counted; without it none are.
    """
    groups = []
    for group in GROUPS:
        offers = tuple(_offer(kind, asked_on) for kind in group.kinds if kind in PORTAL_KINDS)
        if offers:
            groups.append(OfferedGroup(group.title, offers))
    return groups


def _offer(kind: str, asked_on: date | None) -> Offer:
    title, words = KINDS[kind]
    if asked_on is None:
        return Offer(kind, title, words)
    clocks = clocks_at_receipt(kind=kind, received_on=asked_on)
    return Offer(kind, title, words, clocks.due_on, tuple(cited(clock) for clock in clocks.deadlines))
