"""What is known about a file that somebody handed in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScanResult(models.TextChoices):
    QUARANTINED = "quarantined", _("waits for the scanner")
    CLEAN = "clean", _("scanned, nothing found")
    INFECTED = "infected", _("malware found, deleted")
    UNSCANNED = "unscanned", _("not scanned")
    MADE_HERE = "made_here", _("made by the portal")
