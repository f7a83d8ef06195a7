"""What belongs to cases that are answered in words: the answer itself, and how a complaint was looked into.

Rows are never changed: PostgreSQL refuses it to the organisation's role. They go with the case.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from requests.enums import EscalationLevel
from requests.models.cases import SubjectRequest


class CaseAnswer(models.Model):
    """The answer to a question, the findings on a complaint, or the reasons after a decision was looked at again.

    `is_changed` and `new_decision` are of a reconsideration only. Who decided, when and with what outcome is on the
    case.
    """

    unchangeable = True

    case = models.OneToOneField(SubjectRequest, on_delete=models.CASCADE, related_name="answer")
    text = EncryptedTextField(_("what the person was told"))
    is_changed = models.BooleanField(_("the decision is changed"), null=True)
    new_decision = EncryptedTextField(_("the new decision"), null=True)
    answered_at = models.DateTimeField(_("answered"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer in words")
        verbose_name_plural = _("answers in words")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_decision__isnull=True) | Q(is_changed=True), name="new_decision_only_when_changed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answered_at:%Y-%m-%d}"


class InvestigationNote(models.Model):
    """What was found while a complaint was looked into. A mistake is put right by a further note."""

    unchangeable = True

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="investigation_notes")
    text = EncryptedTextField(_("note"))
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)

    class Meta:
        verbose_name = _("investigation note")
        verbose_name_plural = _("investigation notes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.noted_at:%Y-%m-%d %H:%M}"


class MeasureTaken(models.Model):
    """What the organisation changed because of a complaint (PIPEDA, principle 4.10.4)."""

    unchangeable = True

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="measures")
    text = EncryptedTextField(_("measure, as the person reads it"))
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    taken_at = models.DateTimeField(_("taken"), auto_now_add=True)

    class Meta:
        verbose_name = _("measure taken")
        verbose_name_plural = _("measures taken")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d}"


class Escalation(models.Model):
    """A complaint goes one level up: to another Privacy Officer, or to an authority.

    `recourse_ends_on` is the last day on which the person can ask that authority, where the law names one and an
    answer was given.
    """

    unchangeable = True

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="escalations")
    level = models.CharField(_("to"), max_length=10, choices=EscalationLevel.choices)
    to_officer = models.ForeignKey(
        Officer, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("senior officer")
    )
    authority = models.CharField(_("authority"), max_length=20, blank=True)
    reasons = EncryptedTextField(_("reasons"))
    recourse_ends_on = models.DateField(_("recourse ends on"), null=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    escalated_at = models.DateTimeField(_("escalated"), auto_now_add=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="senior", to_officer__isnull=False, authority="", recourse_ends_on__isnull=True)
                | Q(level="authority", to_officer__isnull=True) & ~Q(authority=""),
                name="escalated_to_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.escalated_at:%Y-%m-%d}"
