"""The uses of data that a person can object to, or have stopped for a while."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from consent.selectors import agreed_to_by
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.models import NOT_OBJECTED
from privacy.subjects.models import Subject
from requests.enums import RequestKind

_OBJECTED = frozenset(LawfulBasis.values) - NOT_OBJECTED - {LawfulBasis.CONSENT}


@dataclass(frozen=True, slots=True)
class Choosable:
    """A purpose as the form offers it."""

    code: str
    title: str
    description: str


def choosable_purposes(kind: str) -> list[Choosable]:
    """The purposes that a request of a kind can be about.

    An objection reaches what rests on the organisation's interests; a consent is withdrawn instead (GDPR Art. 21(1)). A
    restriction reaches everything (Art. 18).
    """
    found = Purpose.objects.filter(is_prohibited=False)
    if kind == RequestKind.OBJECTION:
        found = found.filter(lawful_basis__in=_OBJECTED)
    return [Choosable(each.code, each.title, each.description) for each in found]


def withdrawable_purposes(subject: Subject) -> QuerySet[Purpose]:
    """What a person can withdraw consent to: what rests on it, and what they agreed to before it rested on something
    else, or was prohibited.
    """
    by_consent = Q(is_prohibited=False, lawful_basis=LawfulBasis.CONSENT)
    return Purpose.objects.filter(by_consent | Q(pk__in=agreed_to_by(subject)))


def purpose_titles(codes: Iterable[str]) -> list[str]:
    """The titles of purposes, in the register's order."""
    return list(Purpose.objects.filter(code__in=list(codes)).values_list("title", flat=True))


def spared_by_objection() -> list[str]:
    """The titles of what goes on although somebody objected to everything: contracts, the law, protecting life."""
    found = Purpose.objects.filter(is_prohibited=False, lawful_basis__in=NOT_OBJECTED)
    return list(found.values_list("title", flat=True))


def kept_by_law() -> list[Purpose]:
    """The purposes for which data stays even when it is asked to be deleted."""
    return list(Purpose.objects.filter(is_prohibited=False, lawful_basis=LawfulBasis.LEGAL_OBLIGATION))
