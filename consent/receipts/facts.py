"""What a receipt is made of: the record, and what the register said of organisation and purpose at that time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.urls import reverse

from consent.models import ConsentRecord, Decision, Method
from consent.register_reading import Sender, read_sender
from consent.register_terms import Said, said_now, said_to
from privacy.letters.addresses import portal_url
from privacy.register.models import LawfulBasis, OrganisationProfile, Purpose, Recipient

NOT_STATED = "not stated; ask the Privacy Officer"
UNTIL_WITHDRAWN = "until withdrawn"
CANNOT_BE_WITHDRAWN = "cannot be withdrawn"
_EXPLICIT = {Method.ELECTRONIC, Method.ORAL, Method.WRITTEN, Method.REPRESENTATIVE}


@dataclass(frozen=True)
class Facts:
    """Everything that the forms of a receipt say. They differ in names and shape only.

    portal: address of the organisation's portal, without a slash at its end.
    seed: of the key that signs; None for the installation's.
    """

    record: ConsentRecord
    said: Said
    portal: str
    seed: bytes | None = field(repr=False)

    @property
    def purpose(self) -> Purpose:
        return self.said.purpose

    @property
    def recipients(self) -> list[Recipient]:
        return self.said.recipients

    @property
    def organisation(self) -> OrganisationProfile:
        return self.said.organisation

    @property
    def notice_version(self) -> str:
        """Empty where no notice was in force."""
        return self.said.notice_version

    @property
    def notice_url(self) -> str:
        """The page of the version that was in force; of the notice as it is now where none was."""
        version = self.notice_version
        page = reverse("register:earlier_notice", args=[version]) if version else reverse("register:notice")
        return f"{self.portal}{page}"

    @property
    def is_altered(self) -> bool:
        """Whether words or terms are not those that the record holds the digests of; nothing is signed then."""
        return not (self.record.words_stand and self.record.terms_stand)

    @property
    def jurisdictions(self) -> list[str]:
        return self.organisation.laws or [self.organisation.country]

    @property
    def is_consent(self) -> bool:
        """Whether the person agreed; else there was a refusal, a withdrawal, or an end."""
        return self.record.decision == Decision.GIVEN

    @property
    def rests_on_consent(self) -> bool:
        """Whether people could agree to the purpose at all when it was recorded."""
        return self.purpose.lawful_basis == LawfulBasis.CONSENT and not self.purpose.is_prohibited

    @property
    def consequences(self) -> str:
        """What withdrawing means; empty where it cannot be withdrawn, or goes on on another ground."""
        stops = self.purpose.is_prohibited or self.rests_on_consent
        return self.purpose.withdrawal_consequences if stops and not self.bar else ""

    @property
    def is_consent_that_held(self) -> bool:
        """Whether the person agreed to something that was not over when it was recorded."""
        return self.is_consent and not self.record.was_over

    @property
    def stated_at(self) -> str:
        """When it was decided, by the clock of somebody else; empty where nobody said."""
        told = self.record.occurred_at
        return told.isoformat() if told is not None else ""

    @property
    def is_explicit(self) -> bool:
        """Whether the person said it, in whatever form; else it was concluded from what they did."""
        return self.record.method in _EXPLICIT

    @property
    def validity(self) -> str:
        """How long the decision holds, as ISO 8601 has it, or in words."""
        if not self.is_consent:
            return NOT_STATED
        ends = self.record.expires_at
        if ends is not None:
            return _duration(ends - self.record.recorded_at)
        return self.bar_in_words or UNTIL_WITHDRAWN

    @property
    def valid_until(self) -> str:
        """When a consent ends by itself, to the moment; empty where it does not."""
        ends = self.record.expires_at
        return _universal(ends) if self.is_consent and ends is not None else ""

    @property
    def bar(self) -> str:
        """Why the consent cannot be withdrawn; empty where it can, and of what is no consent."""
        return self.purpose.withdrawal_bar if self.is_consent else ""

    @property
    def bar_in_words(self) -> str:
        """The same as a whole, for programs; empty where it can."""
        return f"{CANNOT_BE_WITHDRAWN}: {self.bar}" if self.bar else ""

    @property
    def valid_days(self) -> int | None:
        """How many days a consent holds from its record on, as it was recorded with; none are left of one from a paper
        that was too old. None when it holds until it is withdrawn."""
        ends = self.record.expires_at
        return None if ends is None else max(0, round((ends - self.record.recorded_at) / timedelta(days=1)))

    @property
    def recorded_at(self) -> str:
        return _universal(self.record.recorded_at)

    @property
    def over_at(self) -> str:
        """When a consent had ended that was recorded after that; empty of every other decision."""
        ends = self.record.expires_at
        return _universal(ends) if ends is not None and self.record.was_over else ""


def facts_of(record: ConsentRecord, *, host: str | None = None, sender: Sender | None = None) -> Facts:
    """The facts of one record.

    Args:
        sender: where the caller has just recorded the decision under it.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    if sender is not None:
        return Facts(record, said_now(record, sender), portal_url("", host=host), sender.seed)
    return _facts(record, read_sender(record.purpose), portal_url("", host=host))


def facts_of_each(records: Iterable[ConsentRecord], *, host: str | None = None) -> Iterator[Facts]:
    """The facts of many records; the register is asked once for each purpose.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    portal, senders = portal_url("", host=host), dict[int, Sender]()
    for record in records:
        if record.purpose_id not in senders:
            senders[record.purpose_id] = read_sender(record.purpose)
        yield _facts(record, senders[record.purpose_id], portal)


def _duration(left: timedelta) -> str:
    """As ISO 8601 has it, to the second and never longer than the truth; nothing is left of what is over."""
    if left < timedelta(seconds=1):
        return "P0D"
    minutes, seconds = divmod(left.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return "P" + (f"{left.days}D" if left.days else "") + (f"T{time}" if time else "")


def _universal(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _facts(record: ConsentRecord, sender: Sender, portal: str) -> Facts:
    return Facts(record, said_to(record, sender), portal, sender.seed)
