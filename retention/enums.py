"""States and kinds of retention."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    RETENTION = "retention", _("retention")
    ERASURE = "erasure", _("erasure on request")


class RunState(models.TextChoices):
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


class HoldKind(models.TextChoices):
    LEGAL = "legal", _("legal hold")
    OPEN_REQUEST = "open_request", _("open request")
