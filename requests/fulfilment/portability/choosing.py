"""Which columns go along when a person takes their data elsewhere (GDPR Art. 20(1); EDPB, WP 242 rev.01).

Two things have to hold. The data came from the person: they gave it, or it arose from what they did; what the
organisation made of it stays. And it is used for a purpose that rests on consent or on a contract with the person.
What is not known is left out, and every column that is left out is named with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.datamap.engine.spec import Operator
from privacy.datamap.models import DataCategory, Dataset, Field, Origin
from privacy.register.models import LawfulBasis
from requests.fulfilment.contents import CREDENTIAL

PORTABLE_BASES = frozenset({LawfulBasis.CONSENT, LawfulBasis.CONTRACT})

ORIGIN_OF_CATEGORY: dict[str, Origin] = {
    DataCategory.IDENTITY: Origin.PROVIDED,
    DataCategory.CONTACT: Origin.PROVIDED,
    DataCategory.EMPLOYMENT: Origin.PROVIDED,
    DataCategory.FINANCIAL: Origin.OBSERVED,
    DataCategory.TECHNICAL: Origin.OBSERVED,
    DataCategory.DECISION: Origin.DERIVED,
    DataCategory.BUSINESS: Origin.DERIVED,
}
"""Of columns of which nobody said more. Messages and free text may be either side's, so somebody has to say it."""


class LeftOut(models.TextChoices):
    """Why something does not go along. Codes are part of the schema."""

    INTERNAL = "internal", _("a key of our own, which says nothing elsewhere")
    CREDENTIAL = "credential", _("it protects your account")
    DERIVED = "derived", _("it was not given by you; we made it")
    ORIGIN_UNKNOWN = "origin_unknown", _("nobody has stated whether it came from you")
    NO_PURPOSE = "no_purpose", _("no purpose is registered for it")
    OTHER_BASIS = "other_basis", _("it is not used by consent or contract")
    NOT_A_DATABASE = "not_a_database", _("it is not kept by automated means that we can read")
    PORTAL = "portal", _("letters and records of your requests; ask for access to get them")
    REFUSED = "refused", _("we refused it; our letter says why")


@dataclass(frozen=True)
class Portable:
    """A column that goes along; `place` is its position in the rows that are read."""

    field: Field
    place: int
    origin: Origin


def sort_out(dataset: Dataset, fields: Iterable[Field]) -> tuple[list[Portable], list[tuple[Field, LeftOut]]]:
    """The columns that go along, and the others with the reason. Purposes of the fields are prefetched."""
    portable: list[Portable] = []
    left_out: list[tuple[Field, LeftOut]] = []
    for place, field in enumerate(fields):
        reason = why_left_out(dataset, field)
        if reason is None:
            portable.append(Portable(field, place, origin_of(field) or Origin.PROVIDED))
        else:
            left_out.append((field, reason))
    return portable, left_out


def why_left_out(dataset: Dataset, field: Field) -> LeftOut | None:
    """Why a column does not go along; None when it does."""
    if field.category == DataCategory.KEY or field.column in _alike(dataset):
        return LeftOut.INTERNAL
    if CREDENTIAL.search(field.column):
        return LeftOut.CREDENTIAL
    origin = origin_of(field)
    if origin is None:
        return LeftOut.ORIGIN_UNKNOWN
    if origin == Origin.DERIVED:
        return LeftOut.DERIVED
    bases = {each.lawful_basis for each in field.purposes.all() if not each.is_prohibited}
    if not bases:
        return LeftOut.NO_PURPOSE
    return None if bases & PORTABLE_BASES else LeftOut.OTHER_BASIS


def origin_of(field: Field) -> Origin | None:
    """Where a column's values come from; None when nobody can say."""
    return Origin(field.origin) if field.origin else ORIGIN_OF_CATEGORY.get(field.category)


def _alike(dataset: Dataset) -> set[str]:
    """Columns that are the same in all rows of a shared table."""
    return {each["column"] for each in dataset.scope if each["op"] == Operator.EQUAL}
