"""States and kinds of retention."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    RETENTION = "retention", _("retention")
    ERASURE = "erasure", _("erasure on request")
    REPLAY = "replay", _("erasure again")
    KEPT = "kept", _("erasure after a statutory minimum")


class RunState(models.TextChoices):
    AWAITING = "awaiting", _("waiting for approval")
    PENDING = "pending", _("queued")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed and verified")
    ATTENTION = "attention", _("needs attention")
    STOPPED = "stopped", _("stopped")


class StepState(models.TextChoices):
    PENDING = "pending", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused by the source")


class Result(models.TextChoices):
    """What the rows of a table are in law after a run, as weak as their weakest column."""

    DELETED = "deleted", _("deleted")
    ANONYMOUS = "anonymous", _("anonymous")
    GENERALISED = "generalised", _("generalised")
    PSEUDONYMOUS = "pseudonymous", _("pseudonymous")
    KEPT_IN_PART = "kept_in_part", _("kept in part")


class ChunkState(models.TextChoices):
    INTENDED = "intended", _("intended")
    PREPARED = "prepared", _("prepared")
    COMPLETED = "completed", _("completed")
    VOID = "void", _("changed nothing")


class PartState(models.TextChoices):
    OPEN = "open", _("under way")
    DONE = "done", _("done")
    LEFT = "left", _("left to the run")


class KeptState(models.TextChoices):
    """Of a row that the law wanted kept: it still does, it does not any more, or the row is not the same any more."""

    KEPT = "kept", _("kept by law")
    FREE = "free", _("no longer kept by law")
    CHANGED = "changed", _("not the same row any more")


class HoldKind(models.TextChoices):
    LEGAL = "legal", _("legal hold")
    OPEN_REQUEST = "open_request", _("open request")
    RESTRICTION = "restriction", _("restricted at the person's request")


class WithoutAddress(models.TextChoices):
    """What becomes of a row about somebody who should be told first, and cannot be."""

    WAIT = "wait", _("leave it until there is an address")
    ACT = "act", _("take it without a letter, after the same time")


class PeriodUnit(models.TextChoices):
    DAYS = "days", _("days")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")


class YearEnd(models.IntegerChoices):
    """With which month a year ends from whose end a period is counted."""

    JANUARY = 1, _("the end of the fiscal year that ends in January")
    FEBRUARY = 2, _("the end of the fiscal year that ends in February")
    MARCH = 3, _("the end of the fiscal year that ends in March")
    APRIL = 4, _("the end of the fiscal year that ends in April")
    MAY = 5, _("the end of the fiscal year that ends in May")
    JUNE = 6, _("the end of the fiscal year that ends in June")
    JULY = 7, _("the end of the fiscal year that ends in July")
    AUGUST = 8, _("the end of the fiscal year that ends in August")
    SEPTEMBER = 9, _("the end of the fiscal year that ends in September")
    OCTOBER = 10, _("the end of the fiscal year that ends in October")
    NOVEMBER = 11, _("the end of the fiscal year that ends in November")
    DECEMBER = 12, _("the end of the calendar year")

    __empty__ = _("the event itself")


class StartEvent(models.TextChoices):
    """What starts a period, as officers say it."""

    CREATED = "created", _("creation of the record")
    LAST_ACTIVITY = "last_activity", _("last activity")
    CONTRACT_END = "contract_end", _("end of the contract")
    CANCELLATION = "cancellation", _("cancellation")
    DECISION = "decision", _("decision about the person")
    WITHDRAWAL = "withdrawal", _("withdrawal of consent")
    OTHER = "other", _("another date")


class Protects(models.TextChoices):
    """What a statutory minimum forbids while it lasts."""

    ROWS = "rows", _("deleting; anonymising is allowed")
    VALUES = "values", _("deleting and anonymising")
