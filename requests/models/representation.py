"""Somebody who asks for another: a parent, a lawyer, whoever has authority."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from requests.models.cases import SubjectRequest


class AuthorityKind(models.TextChoices):
    """Where the right to ask for somebody else comes from."""

    WRITTEN = "written", _("written authority, signed by the person")
    POWER_OF_ATTORNEY = "power_of_attorney", _("power of attorney")
    GUARDIAN = "guardian", _("parent or guardian")
    LAWYER = "lawyer", _("lawyer who acts for the person")
    OTHER = "other", _("other")


class Representation(models.Model):
    """Who asks in the name of the subject of a case. Nothing is told or decided before an officer saw by what right.

    `evidence` says what was seen; `valid_until` is the last day on which the authority counts, empty without an end.
    One at a time: an officer ends it (`ended_at`), the row stays, and another one may follow.
    """

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="representations")
    name = EncryptedTextField(_("name"))
    email = EncryptedTextField(_("e-mail address"), null=True)
    authority = models.CharField(_("authority"), max_length=20, choices=AuthorityKind.choices)
    evidence = EncryptedTextField(_("what was seen as evidence"), null=True)
    checked_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(_("authority checked"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = EncryptedTextField(_("why it ended"), null=True)

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(evidence__isnull=False), name="authority_checked_by_evidence"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=False) | Q(valid_until__isnull=True), name="only_authority_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(end_reason__isnull=False, checked_at__isnull=False),
                name="ended_representation_says_why",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="representation_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.get_authority_display()
