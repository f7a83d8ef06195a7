"""Kinds of personal data: what the data map calls a column, and what a restriction may be about."""

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
