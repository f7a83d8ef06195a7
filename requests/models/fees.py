"""What a person was told a request would cost, and what they said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from requests.models.cases import SubjectRequest


class FeeState(models.TextChoices):
    ASKED = "asked", _("waiting for the person's answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined: the request was withdrawn")
    CHANGED = "changed", _("the person changed the request")
    WAIVED = "waived", _("waived")
    LAPSED = "lapsed", _("not answered in time")


class FeeEstimate(models.Model):
    """One estimate. `services.fees` is the only door to its answer; a case has one that waits at most."""

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="fee_estimates")
    amount = models.DecimalField(_("estimated cost"), max_digits=9, decimal_places=2)
    deposit = models.DecimalField(_("to be paid first"), max_digits=9, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    work = EncryptedTextField(_("what it is for"))
    answer = models.CharField(_("answer"), max_length=8, choices=FeeState.choices, default=FeeState.ASKED)
    estimated_on = models.DateField(_("told on"))
    lapses_on = models.DateField(_("last day to answer"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    deposit_received_on = models.DateField(_("deposit received"), null=True)
    estimated_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("fee estimate")
        verbose_name_plural = _("fee estimates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(answer="asked"), name="one_fee_asked_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0)
                & (models.Q(deposit__isnull=True) | models.Q(deposit__gt=0, deposit__lte=models.F("amount"))),
                name="fee_is_an_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="asked", answered_at__isnull=True)
                | ~models.Q(answer="asked") & models.Q(answered_at__isnull=False),
                name="answered_fee_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    @property
    def waits_for_deposit(self) -> bool:
        """Whether it was accepted and the deposit has not come."""
        return self.answer == FeeState.ACCEPTED and self.deposit is not None and self.deposit_received_on is None
