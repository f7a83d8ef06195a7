"""Why a decision cannot be recorded. Errors name the field at fault and say what to do; none holds personal data."""


class ConsentRefused(ValueError):
    """The decision cannot be recorded as it was stated.

    Args:
        message: what is wrong and what to do.
        field: name of the field at fault, as the API calls it.
    """

    field = "non_field_errors"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PurposeUnknown(ConsentRefused):
    field = "purpose"


class PurposeProhibited(ConsentRefused):
    field = "purpose"


class PurposeNotByConsent(ConsentRefused):
    field = "purpose"


class NoticeNotInForce(ConsentRefused):
    field = "notice_version"


class WordingMissing(ConsentRefused):
    field = "language"


class WordingUnknown(ConsentRefused):
    field = "wording_version"


class WordingAltered(ConsentRefused):
    """The words are not those that were published; nobody is taken to have agreed to them."""

    field = "wording_version"


class ShownExpired(ConsentRefused):
    """The terms were shown too long ago for anybody to know that these are what the person saw."""

    field = "shown"


class ShownOutdated(ConsentRefused):
    """What was shown is not what is in force now."""

    field = "shown"


class WordingInvalid(ConsentRefused):
    field = "text"


class PurposeRestricted(ConsentRefused):
    """The person objected to the purpose, or had it restricted; only they take that back, by an act of their own."""

    field = "purpose"


class LaterDecisionStands(ConsentRefused):
    """The consent is said to be from before a decision that the person made since."""

    field = "occurred_at"


class WithdrawalBarred(ConsentRefused):
    """The consent cannot be withdrawn; the message is the reason that the register gives, with its ground."""


class DecisionNotStated(ConsentRefused):
    """Nobody decides that: a consent expires by itself."""

    field = "decision"


class EvidenceMissing(ConsentRefused):
    """What the method needs as evidence is not there, or is not what it should be."""

    field = "evidence"


class AuthorityExpired(ConsentRefused):
    field = "evidence"


class OptOutStillOpen(ConsentRefused):
    field = "evidence"


class NotSilent(ConsentRefused):
    """The person decided since they were told that they can object."""

    field = "evidence"


class DayImpossible(ConsentRefused):
    """The person cannot have decided on the day that is stated."""

    field = "occurred_at"


class SilenceIsNoConsent(ConsentRefused):
    """Nobody is taken to agree to this purpose without saying so."""

    field = "method"


class DocumentRefused(ConsentRefused):
    """The scan is empty, too large, of a kind that is not taken, or not what its name says."""

    field = "document"


class CampaignRefused(ConsentRefused):
    """Silence cannot stand for consent here, or there is nobody to tell."""

    field = "purpose"


class PersonTooYoung(ConsentRefused):
    field = "birth_date"


class BirthDateImpossible(ConsentRefused):
    """Nobody decides before they are born."""

    field = "birth_date"


class NoMinor(ConsentRefused):
    """A guardian consents for somebody who is grown up."""

    field = "birth_date"


class AgeUnknown(ConsentRefused):
    field = "birth_date"


class DocumentClosed(Exception):
    """The scan cannot be opened: it waits for the scanner, was infected, or is gone."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class KeyReused(Exception):
    """The Idempotency-Key came with another body before."""


class WordsAltered(Exception):
    """The words or the terms of a record are not those whose digests it holds; nothing is signed about them."""
