"""Telling recipients that a restriction of which they were told has ended (GDPR Art. 18, 19).

Danger: a recipient leaves data unused for ever, because nobody told them of the end; or uses what is restricted still,
because we told them of the end of one restriction while another holds.
Rule: whoever was told of a restriction is told of its end, when it is lifted and not before, and of what goes on. While
another restriction holds all of the same, nobody is told.
"""

from collections.abc import Iterable

from privacy.ledger.actors import SYSTEM
from privacy.register.disclosures.selectors import disclosures_of
from privacy.register.restrictions.enums import RestrictionKind, ScopeKind
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import in_force
from requests.models import NoticeChange, RecipientNotice
from requests.services.telling_recipients import tell_of_an_end


def restriction_moved(restriction: Restriction) -> None:
    """Told when a restriction is placed or lifted, in the same transaction."""
    if restriction.kind != RestrictionKind.RESTRICTION or restriction.lifted_at is None:
        return
    others = list(
        in_force().filter(subject=restriction.subject, kind=RestrictionKind.RESTRICTION).select_related("purpose")
    )
    if any(each.scope == ScopeKind.EVERYTHING for each in others):
        return
    purposes = [restriction.purpose.code] if restriction.purpose else []
    for notice in _told_of(restriction):
        still = [] if purposes else _still_restricted(notice, others)
        tell_of_an_end(notice=notice, restriction=restriction, purposes=purposes, still=still, actor=SYSTEM)


def _still_restricted(notice: RecipientNotice, others: Iterable[Restriction]) -> list[str]:
    """What another restriction holds, of what they got data for; the rest is none of their business."""
    got = disclosures_of(notice.case.subject).filter(recipient=notice.recipient).values_list("purpose", flat=True)
    known = set(got)
    return [each.purpose.title for each in others if each.purpose and each.purpose.pk in known]


def _told_of(restriction: Restriction) -> Iterable[RecipientNotice]:
    """The last notice to each recipient who was told of a restriction, by whichever case of the person."""
    told = RecipientNotice.objects.filter(case__subject=restriction.subject, change=NoticeChange.RESTRICTED)
    found = told.select_related("case__subject", "recipient").order_by("made_at")
    return {each.recipient_id: each for each in found if _is_about(each, restriction)}.values()


def _is_about(notice: RecipientNotice, restriction: Restriction) -> bool:
    if restriction.purpose is None:
        return not notice.purposes
    is_without_purposes = not notice.purposes and notice.case_id == restriction.case_id  # from before they were noted
    return restriction.purpose.code in notice.purposes or is_without_purposes
