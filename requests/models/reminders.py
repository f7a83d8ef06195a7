"""Which reminders were written, so that each is written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests.models.cases import SubjectRequest


class Mark(models.TextChoices):
    """The day that comes near."""

    TARGET = "target", _("our own target")
    LIMIT = "limit", _("the last day in law")
    DEEMED_REFUSAL = "deemed_refusal", _("the day from which silence is a refusal")


class Reminder(models.Model):
    """One reminder of one day. When the day moves, it is another one."""

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="reminders")
    mark = models.CharField(_("day"), max_length=16, choices=Mark.choices)
    day = models.DateField(_("date"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["case", "mark", "day", "days_before"], name="reminded_once")]

    def __str__(self) -> str:
        return f"{self.mark} {self.day}"
