"""What visitors do, and how long cookies live."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """How a choice was made. `GPC`: the browser's signal took back what had been accepted before it was there."""

    ACCEPT_ALL = "accept_all", _("accepted all")
    REJECT_ALL = "reject_all", _("rejected all")
    SAVE = "save", _("chose by category")
    WITHDRAW = "withdraw", _("withdrew")
    GPC = "gpc", _("refused by the browser's signal")


class DurationUnit(models.TextChoices):
    SESSION = "session", _("until the browser is closed")
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")
