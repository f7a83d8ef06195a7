"""Kinds, states and outcomes of subject requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """What a person asks for. The codes are those of `privacy.law.enums.KindOfRequest`."""

    ACCESS = "access", _("Access: a copy of my data")
    RECTIFICATION = "rectification", _("Rectification: correct my data")
    ERASURE = "erasure", _("Erasure: delete my data")
    PORTABILITY = "portability", _("Portability: take my data elsewhere")
    OBJECTION = "objection", _("Objection: stop using my data for something")
    RESTRICTION = "restriction", _("Restriction: keep my data but do not use it")
    CONSENT_WITHDRAWAL = "consent_withdrawal", _("Withdrawal: take back a consent")
    RECONSIDERATION = "reconsideration", _("Reconsideration: let a person look at an automated decision")
    QUESTION = "question", _("Question: about how my data is handled")
    COMPLAINT = "complaint", _("Complaint: about how my data was handled")


class RequestState(models.TextChoices):
    """Where a case stands; `transitions.py` says what may follow."""

    UNCONFIRMED = "unconfirmed", _("Confirming it is the person")
    RECEIVED = "received", _("New: identity to be confirmed")
    PLANNING = "planning", _("Finding the data")
    DECIDING = "deciding", _("To be decided")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting second approval")
    COOLING_OFF = "cooling_off", _("Approved: the person can still cancel")
    EXECUTING = "executing", _("Being carried out")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    IDENTITY_REJECTED = "identity_rejected", _("Closed: identity not confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")
    LAPSED = "lapsed", _("Closed: never confirmed")
    JOINED = "joined", _("Closed: joined to another case")
    SPAM = "spam", _("Closed: no request at all")


class Outcome(models.TextChoices):
    """What a decision came to. A case that is not decided has none."""

    GRANTED = "granted", _("granted")
    PARTIAL = "partial", _("granted in part")
    REFUSED = "refused", _("refused")
    ANSWERED = "answered", _("answered")
    UPHELD = "upheld", _("upheld")
    PARTLY_UPHELD = "partly_upheld", _("upheld in part")
    NOT_UPHELD = "not_upheld", _("not upheld")
    FEE_LAPSED = "fee_lapsed", _("the fee was not accepted in time")


class Verdict(models.TextChoices):
    """What was decided about one part of what a person asked for."""

    GRANT = "grant", _("grant")
    PARTIAL = "partial", _("grant in part")
    REFUSE = "refuse", _("refuse")
    UNASKED = "unasked", _("leave out: the person did not ask for it")


LEFT_OUT_WHOLE = frozenset({Verdict.REFUSE, Verdict.UNASKED})
WITHOUT_GROUND = frozenset({Verdict.GRANT, Verdict.UNASKED})
"""Verdicts that take nothing from the person, so that no law has to allow them."""


class Channel(models.TextChoices):
    """How a request reached the organisation: any way counts, and none has to be a form."""

    PORTAL = "portal", _("portal")
    API = "api", _("the organisation's own systems")
    LETTER = "letter", _("letter")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")
    COUNTER = "counter", _("in person")


BY_STAFF = frozenset({Channel.LETTER, Channel.EMAIL, Channel.PHONE, Channel.COUNTER})


class IdentityLevel(models.TextChoices):
    """How sure we are who asks, from least to most."""

    NONE = "none", _("not confirmed")
    MAIL_LINK = "mail_link", _("controls the e-mail address")
    MATCHED = "matched", _("e-mail address matches data on file")
    OFFICER = "officer", _("confirmed by an officer")
    DOCUMENT = "document", _("a document was seen")
    AUTHENTICATED = "authenticated", _("signed in with the organisation")


class ClockEventKind(models.TextChoices):
    """What happened to a clock; each is an event of `privacy.law.events`."""

    WAIT_BEGAN = "wait_began", _("waiting began")
    WAIT_ENDED = "wait_ended", _("waiting ended")
    EXTENDED = "extended", _("extended")


class EscalationLevel(models.TextChoices):
    """To whom a complaint goes when the officer who has it does not end it."""

    SENIOR = "senior", _("another Privacy Officer")
    AUTHORITY = "authority", _("the authority")
