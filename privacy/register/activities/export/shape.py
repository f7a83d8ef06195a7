"""What every file of the record of processing holds: who the controller is, and what is done now.

Source: GDPR Art. 30(1)(a)-(g), with the lawful basis and the sources that authorities ask for beside it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent, Standing
from privacy.register.activities.selectors import active_activities
from privacy.register.activities.transfers import Transfer, transfer_to
from privacy.register.models import OrganisationProfile, Purpose, Recipient
from privacy.register.selectors import local_date, profile


@dataclass(frozen=True, slots=True)
class Line:
    """One activity with what belongs to it, in order."""

    activity: ProcessingActivity
    purposes: tuple[Purpose, ...]
    recipients: tuple[Recipient, ...]
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The record as it was at one moment."""

    as_at: datetime
    controller: OrganisationProfile
    lines: tuple[Line, ...]
    without_consent: int
    """How much is done without consent now; it is told of in a file of its own."""

    @property
    def is_european(self) -> bool:
        """Whether its bases and safeguards may be named by articles of the GDPR."""
        return "EU" in self.controller.laws


def record_of_processing() -> Record:
    """The record as it is now, without what has ended; five queries, whatever its length."""
    now, controller = timezone.now(), profile()
    lines = tuple(_line(each, controller.country) for each in active_activities(local_date(now)))
    without = ProcessingWithoutConsent.objects.filter(standing=Standing.APPROVED).count()
    return Record(as_at=now, controller=controller, lines=lines, without_consent=without)


def _line(activity: ProcessingActivity, home: str) -> Line:
    recipients = tuple(activity.recipients.all())
    transfers = (transfer_to(each, home) for each in recipients)
    return Line(
        activity=activity,
        purposes=tuple(activity.purposes.all()),
        recipients=recipients,
        transfers=tuple(each for each in transfers if each is not None),
    )
