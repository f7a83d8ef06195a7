"""What somebody states: data of one person was disclosed. Nothing in it is checked against the register yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from privacy.subjects.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureStatement:
    """One disclosure.

    Args:
        subject_id: a person who is known; or
        person: one who is named by an identifier, and is added when nobody is known under it.
        recipient: name in the register.
        purpose: code in the register.
        categories: codes of `DataCategory`.
        means: a `Means`.
        ground: a `GroundWithoutConsent`; empty where the person was told of the purpose.
        authority: the provision, order or file on which the ground rests. No personal data.
        approver: name of whoever approved of a disclosure without consent.
        is_secret: the law forbids telling the person; it stays out of their access package.
        reference: the stating system's own number of it; the same one is never written twice.
        note: kept encrypted, until the person's data is erased.
    """

    recipient: str
    purpose: str
    disclosed_on: date
    categories: Sequence[str]
    means: str
    subject_id: UUID | None = None
    person: Person | None = None
    ground: str = ""
    authority: str = ""
    approver: str = ""
    is_secret: bool = False
    reference: str = ""
    note: str = ""
