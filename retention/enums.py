"""States and kinds of retention."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    RETENTION = "retention", _("retention")
    ERASURE = "erasure", _("erasure on request")
    REPLAY = "replay", _("erasure again")


class RunState(models.TextChoices):
    PENDING = "pending", _("waiting")
    RUNNING = "running", _("running")
    COMPLETED = "completed", _("completed and verified")
    ATTENTION = "attention", _("needs attention")
    STOPPED = "stopped", _("stopped")


class StepState(models.TextChoices):
    PENDING = "pending", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")


class ChunkState(models.TextChoices):
    INTENDED = "intended", _("intended")
    PREPARED = "prepared", _("prepared")
    COMPLETED = "completed", _("completed")
    VOID = "void", _("changed nothing")


class HoldKind(models.TextChoices):
    LEGAL = "legal", _("legal hold")
    OPEN_REQUEST = "open_request", _("open request")
