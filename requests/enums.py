"""Kinds and states of subject requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    ACCESS = "access", _("Access: a copy of my data")
    ERASURE = "erasure", _("Erasure: delete my data")


class RequestState(models.TextChoices):
    """Where a case stands; `transitions.py` says what may follow."""

    UNCONFIRMED = "unconfirmed", _("Confirming it is the person")
    RECEIVED = "received", _("New: identity to be confirmed")
    PLANNING = "planning", _("Finding the data")
    DECIDING = "deciding", _("To be decided")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting second approval")
    EXECUTING = "executing", _("Being carried out")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    IDENTITY_REJECTED = "identity_rejected", _("Closed: identity not confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")
    LAPSED = "lapsed", _("Closed: never confirmed")


class Channel(models.TextChoices):
    PORTAL = "portal", _("portal")


class IdentityLevel(models.TextChoices):
    """How sure we are who asks, from least to most."""

    NONE = "none", _("not confirmed")
    MAIL_LINK = "mail_link", _("controls the e-mail address")
    MATCHED = "matched", _("e-mail address matches data on file")
    OFFICER = "officer", _("confirmed by an officer")
