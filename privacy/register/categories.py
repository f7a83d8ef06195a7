"""The kinds of personal data: one list for the data map, the portal's own tables, and what is disclosed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataCategory(models.TextChoices):
    IDENTITY = "identity", _("identity")
    CONTACT = "contact", _("contact details")
    FINANCIAL = "financial", _("financial")
    COMMUNICATION = "communication", _("communication")
    TECHNICAL = "technical", _("usage and technical")
    EMPLOYMENT = "employment", _("employment")
    DECISION = "decision", _("decision about the person")
    FREE_TEXT = "free_text", _("free text")
    BUSINESS = "business", _("business record")
    KEY = "key", _("key, not personal by itself")
    UNCLASSIFIED = "unclassified", _("not classified yet")


DISCLOSABLE: tuple[DataCategory, ...] = tuple(
    each for each in DataCategory if each not in (DataCategory.KEY, DataCategory.UNCLASSIFIED)
)
"""What a disclosure can be of, in the order in which it is shown."""


def category_words(codes: list[str]) -> str:
    """Categories by their names, in the order of the list above."""
    return ", ".join(str(each.label) for each in DataCategory if each.value in codes)
