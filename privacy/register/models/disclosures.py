"""The disclosure log: who got which kinds of data about whom, when, what for, and on what basis.

Danger: a log that can be rewritten proves nothing, and one that keeps free text for ever is a file on people.
Rule: PostgreSQL lets the organisation's role add rows and delete them under a retention rule, and change none. A wrong
row is made void by a counter-entry. Free text lies beside the row, so that it can go first.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.register.categories import category_words
from privacy.register.models.organisation import LawfulBasis, Purpose
from privacy.register.models.recipients import Recipient
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject


class GroundWithoutConsent(models.TextChoices):
    """Why data may be disclosed for what the person was not told (PIPEDA s. 7(3); the policy's six cases)."""

    LAW = "law", _("required by law")
    INVESTIGATION = "investigation", _("investigation of a breach of law or contract")
    FRAUD = "fraud", _("preventing or detecting fraud")
    DEBT = "debt", _("collecting a debt")
    LAWYER = "lawyer", _("advice of a lawyer")
    PUBLIC_SOURCE = "public_source", _("from a public source")


MAY_BE_SECRET = frozenset({GroundWithoutConsent.LAW, GroundWithoutConsent.INVESTIGATION, GroundWithoutConsent.FRAUD})
"""Grounds under which a law can forbid telling the person (PIPEDA s. 9(2.4))."""


class Means(models.TextChoices):
    SYSTEM = "system", _("by a system")
    EMAIL = "email", _("by e-mail")
    FILE = "file", _("as a file")
    POST = "post", _("by post")
    PHONE = "phone", _("by phone")
    IN_PERSON = "in_person", _("in person")


class Way(models.TextChoices):
    """How the row came into the log."""

    HAND = "hand", _("by hand")
    IMPORT = "import", _("by import")
    API = "api", _("by API")


class Disclosure(models.Model):
    """Data of one person that one recipient got on one day for one purpose. Never changed.

    `lawful_basis` is the purpose's on the day of entry; `ground` takes its place where the person was not told.
    """

    unchangeable = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="disclosures")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="disclosures")
    disclosed_on = models.DateField(_("disclosed on"))
    categories = models.JSONField(_("kinds of data"))
    purpose = models.ForeignKey(
        Purpose, on_delete=models.PROTECT, related_name="disclosures", verbose_name=_("purpose")
    )
    lawful_basis = models.CharField(_("lawful basis"), max_length=24, choices=LawfulBasis.choices)
    ground = models.CharField(
        _("ground without consent"), max_length=16, choices=GroundWithoutConsent.choices, blank=True
    )
    authority = models.CharField(_("provision or order"), max_length=120, blank=True)
    approver = EncryptedTextField(_("approved by"), null=True, blank=True)
    is_secret = models.BooleanField(_("the law forbids telling the person"), default=False)
    means = models.CharField(_("how"), max_length=10, choices=Means.choices)
    way = models.CharField(_("entered"), max_length=6, choices=Way.choices)
    reference = EncryptedTextField(_("reference"), null=True, blank=True)
    reference_index = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    call_digest = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    body_digest = models.BinaryField(max_length=32, null=True, editable=False)
    actor_kind = models.CharField(max_length=10, editable=False)
    actor_id = models.CharField(max_length=40, blank=True, editable=False)
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-disclosed_on", "-entered_at", "-id"]
        indexes = [
            models.Index(fields=["subject", "-disclosed_on"], name="disclosure_of_subject"),
            models.Index(fields=["-disclosed_on", "-entered_at", "-id"], name="disclosure_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(categories=[]), name="disclosure_is_of_something"),
            models.CheckConstraint(
                condition=Q(ground="") | (~Q(authority="") & Q(approver__isnull=False)),
                name="ground_has_authority_and_approver",
            ),
            models.CheckConstraint(condition=Q(is_secret=False) | ~Q(ground=""), name="secret_has_ground"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def categories_words(self) -> str:
        return category_words(self.categories)

    @property
    def basis_words(self) -> str:
        """The ground without consent where one was needed, with its authority; else the lawful basis."""
        if self.ground:
            return f"{self.get_ground_display()} ({self.authority})"
        return str(self.get_lawful_basis_display())


class DisclosureNote(models.Model):
    """What was written about a disclosure. Beside it, because it may name people and goes when their data is erased."""

    unchangeable = True

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="note")
    text = EncryptedTextField(_("note"))

    class Meta:
        verbose_name = _("note of a disclosure")
        verbose_name_plural = _("notes of disclosures")

    def __str__(self) -> str:
        return str(self.disclosure_id)


class VoidReason(models.TextChoices):
    NEVER_HAPPENED = "never_happened", _("it never happened")
    OTHER_PERSON = "other_person", _("it was about another person")
    WRONG = "wrong", _("recipient, day, data or purpose is wrong")
    TWICE = "twice", _("it was entered twice")


class VoidedDisclosure(models.Model):
    """A counter-entry: the disclosure was entered in error. The right one, if any, is a new disclosure."""

    unchangeable = True

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="voided")
    reason = models.CharField(_("reason"), max_length=16, choices=VoidReason.choices)
    actor_kind = models.CharField(max_length=10, editable=False)
    actor_id = models.CharField(max_length=40, blank=True, editable=False)
    voided_at = models.DateTimeField(_("made void at"))

    class Meta:
        verbose_name = _("disclosure made void")
        verbose_name_plural = _("disclosures made void")

    def __str__(self) -> str:
        return str(self.disclosure_id)


class DisclosureUpload(models.Model):
    """A file that an officer uploaded and has not confirmed yet; forgotten when that is decided, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = EncryptedTextField()
    officer_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("uploaded list of disclosures")
        verbose_name_plural = _("uploaded lists of disclosures")

    def __str__(self) -> str:
        return str(self.pk)
