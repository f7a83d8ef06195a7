"""Kinds of restriction, and what becomes of one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RestrictionKind(models.TextChoices):
    """From which right a restriction comes.

    RESTRICTION: the data is stored and nothing else is done with it (GDPR Art. 18). OBJECTION: it is not used for what
    was objected to (GDPR Art. 21(1); Act 843 s. 20(2), s. 39). MARKETING: it is not used for direct marketing, and
    nobody weighs anything against that (GDPR Art. 21(2)-(3); Act 843 s. 40).
    """

    RESTRICTION = "restriction", _("restriction of processing")
    OBJECTION = "objection", _("objection")
    MARKETING = "marketing", _("objection to direct marketing")


class ScopeKind(models.TextChoices):
    """How much a restriction is about."""

    EVERYTHING = "everything", _("all processing")
    PURPOSE = "purpose", _("one purpose")
    CATEGORY = "category", _("one kind of data")


class ChangeKind(models.TextChoices):
    """What systems of the organisation are told."""

    PLACED = "placed", _("placed")
    LIFTED = "lifted", _("lifted")
