"""The link by which a mail is unsubscribed from with one click (RFC 8058).

Danger: an address that says who somebody is, or that anybody can make up to end what others wanted.
Rule: the address names the letter and nothing else, signed for this organisation; the letter knows the person and the
purpose. It opens nothing and shows nothing about anybody, so it works as long as the letter is kept.
"""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from consent.addresses import unsubscribe_path
from privacy.letters.addresses import portal_url
from privacy.letters.models import Letter
from privacy.tenants.context import current_organisation


def unsubscribe_address(letter: Letter) -> str:
    """The address for the header of a letter's mail."""
    return portal_url(unsubscribe_path(unsubscribe_token(letter)))


def unsubscribe_token(letter: Letter) -> str:
    return _signer().sign(letter.pk.hex)


def letter_of(token: str) -> Letter | None:
    """The letter that a token was made for; None when it was not made here, or the letter is gone."""
    try:
        number = UUID(hex=_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    return Letter.objects.exclude(unsubscribe_from="").select_related("subject").filter(pk=number).first()


def _signer() -> Signer:
    return Signer(salt=f"consent.unsubscribe.{current_organisation().schema_name}", sep=".")
