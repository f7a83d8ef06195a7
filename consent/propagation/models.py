"""What is to be done elsewhere when somebody withdraws their consent: one task for each recipient and each source."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField


class TaskState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Passed on")
    OVERTAKEN = "overtaken", _("Agreed again")


class WithdrawalTask(models.Model):
    """One recipient or one source that has to stop using one person's data for one purpose.

    `rule` names what the last day follows from: a rule of law (`CA-CASL.consent_withdrawal`), or our own promise.
    A task is overtaken when the person agreed again before anybody was told.
    """

    record = models.ForeignKey("consent.ConsentRecord", on_delete=models.PROTECT, related_name="passed_on")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="withdrawal_tasks")
    purpose = models.ForeignKey(
        "register.Purpose", on_delete=models.PROTECT, related_name="+", verbose_name=_("purpose")
    )
    recipient = models.ForeignKey(
        "register.Recipient", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("recipient")
    )
    source = models.ForeignKey(
        "datamap.Source", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("source")
    )
    state = models.CharField(_("state"), max_length=9, choices=TaskState.choices, default=TaskState.OPEN)
    due_on = models.DateField(_("due on"))
    rule = models.CharField(_("last day by"), max_length=60)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        Officer, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    how = EncryptedTextField(_("how they were told"), null=True)

    class Meta:
        verbose_name = _("withdrawal to pass on")
        verbose_name_plural = _("withdrawals to pass on")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "purpose", "recipient"],
                condition=Q(state="open"),
                name="withdrawal_once_a_recipient",
            ),
            models.UniqueConstraint(
                fields=["subject", "purpose", "source"], condition=Q(state="open"), name="withdrawal_once_a_source"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, source__isnull=False)
                | Q(recipient__isnull=False, source__isnull=True),
                name="withdrawal_goes_to_one",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="withdrawal_task_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(closed_by__isnull=False, how__isnull=False),
                name="withdrawal_passed_on_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="open"), name="withdrawal_due")]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.state}"
