"""The kinds of identifier by which a data subject is known, and one form for each so that a person is found once."""

import re
import unicodedata

import phonenumbers
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

_SHORT = 64  # characters: no part of such an address can be too long
_PLAIN_ADDRESS = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}")
_SPECIAL_DOMAINS = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)


class IdentifierKind(models.TextChoices):
    EMAIL = "email", gettext_lazy("e-mail address")
    PHONE = "phone", gettext_lazy("phone number")
    CUSTOMER_ID = "customer_id", gettext_lazy("customer number")


class IdentifierInvalid(ValueError):
    """What was typed is no identifier of this kind. The message says what to do and does not repeat it."""


def normalise(kind: str, value: str, *, region: str = "") -> str:
    """One form for every way of writing the same identifier.

    A customer number keeps the letters it was written with, without what cannot be seen: sources hold it as it was
    written. Which numbers are the same is for `compared` to say.

    Args:
        kind: an `IdentifierKind`.
        value: as typed.
        region: two-letter country of phone numbers written without a country code.

    Raises:
        IdentifierInvalid: it is none.
    """
    text = value.strip()
    if kind == IdentifierKind.EMAIL:
        return _email(text)
    if kind == IdentifierKind.PHONE:
        return _phone(text, region)
    if kind == IdentifierKind.CUSTOMER_ID:
        return _customer_number(text)
    raise IdentifierInvalid(_("This kind of identifier is not known."))


def compared(kind: str, normalised: str) -> str:
    """What the keyed index is made of: the same for identifiers that look the same and name the same person.

    Customer numbers are one in wide and narrow letters, with an accent in one character or two, and so on (Unicode
    Standard Annex 15, NFKC).
    """
    if kind != IdentifierKind.CUSTOMER_ID or normalised.isascii():
        return normalised
    return unicodedata.normalize("NFKC", normalised).strip()


def written_forms(kind: str, normalised: str) -> tuple[str, ...]:
    """The forms in which sources may hold an identifier that they compare letter by letter; its own comes first."""
    if kind != IdentifierKind.CUSTOMER_ID or normalised.isascii():
        return (normalised,)
    both = (normalised, compared(kind, normalised))
    return tuple(dict.fromkeys((*both, *(unicodedata.normalize("NFD", each) for each in both))))


def _customer_number(text: str) -> str:
    """Without format characters (zero-width spaces, soft hyphens, marks of direction), accents in one character."""
    if not text.isascii():
        seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
        text = unicodedata.normalize("NFC", seen).strip()
    if not 0 < len(text) <= 100:
        raise IdentifierInvalid(_("Enter the customer number, 100 characters at most."))
    return text


def _email(text: str) -> str:
    if text.isascii() and _is_plain_address(text.lower()):
        return text.lower()
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise IdentifierInvalid(_("Enter an e-mail address in the form name@example.com.")) from None


def _is_plain_address(text: str) -> bool:
    """Whether an address is so short and plain that the (slow) validator would return it as it is: most are."""
    return (
        len(text) <= _SHORT
        and _PLAIN_ADDRESS.fullmatch(text) is not None
        and not f".{text.rpartition('@')[2]}".endswith(_SPECIAL_DOMAINS)
    )


def _phone(text: str, region: str) -> str:
    found = _international(text, region)
    if found is None or _international(found, "") != found:  # what reads differently the second time names nobody
        raise IdentifierInvalid(_("Enter a phone number with its country code, like +233 56 032 0128."))
    return found


def _international(text: str, region: str) -> str | None:
    """The number in the form of ITU-T E.164; None when it cannot be one."""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(kind: str, value: str) -> str:
    """An identifier as far as it may be shown in lists: enough to recognise, too little to learn."""
    if kind == IdentifierKind.EMAIL:
        local, _at, domain = value.partition("@")
        return f"{local[:1]}{'•' * 5}@{domain}"
    shown = min(3, len(value) // 3)
    return f"{'•' * 5}{value[len(value) - shown :]}"
