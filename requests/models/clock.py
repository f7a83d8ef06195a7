"""What happened to the clocks of a case since it was received."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.law.enums import Cause
from privacy.subjects.fields import EncryptedTextField
from requests.enums import ClockEventKind
from requests.models.cases import SubjectRequest

_CAUSES = {
    Cause.IDENTITY.value: _("who asks"),
    Cause.CLARIFICATION.value: _("the answer to our question"),
    Cause.FEE.value: _("the answer about the fee"),
}


class ClockEvent(models.Model):
    """One event in the history of a case's clocks; the dates of the case follow from these and nothing else.

    Rows are never changed: PostgreSQL refuses it to the organisation's role. They go with the case.
    """

    unchangeable = True

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="clock_events")
    kind = models.CharField(_("event"), max_length=12, choices=ClockEventKind.choices)
    on = models.DateField(_("on"))
    cause = models.CharField(_("waiting for"), max_length=16, blank=True)
    confirmed = models.JSONField(_("conditions confirmed"), default=list)
    under = models.CharField(_("rule extended"), max_length=60, blank=True)
    n = models.PositiveSmallIntegerField(_("extended by"), null=True)
    ground = models.CharField(_("ground of extension"), max_length=40, blank=True)
    permitted_by_authority = models.BooleanField(_("permitted by the authority"), default=False)
    reason = EncryptedTextField(_("reason in words"), null=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = _("clock event")
        verbose_name_plural = _("clock events")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="extended", cause="") & ~models.Q(under="")
                | models.Q(kind__in=["wait_began", "wait_ended"], under="") & ~models.Q(cause=""),
                name="clock_event_is_one_of_three",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"

    def get_cause_display(self) -> str:
        """What is waited for, in words."""
        return str(_CAUSES.get(self.cause, self.cause))
