"""What is asked of a processor: what the approval covers, and the message itself (OpenDSR, sections 5 and 7)."""

import hashlib
import json
import secrets
from typing import Any

from django.utils.translation import gettext as _

from privacy.datamap.asking import Ask, identities_digest
from privacy.datamap.models import Source
from privacy.errands.errors import ProcessorProblem
from privacy.errands.models import Errand, IdentityFormat, Processor
from privacy.letters.addresses import portal_url
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject

API_VERSION = "2.0"
IDENTITY_TYPES = {
    IdentifierKind.EMAIL: "email",
    IdentifierKind.PHONE: "phone_number",
    IdentifierKind.CUSTOMER_ID: "controller_customer_id",
}


def ask(source: Source, subject: Subject) -> Ask:
    """The approval covers which processor is asked, in whose name, about whom, and in which form they are named."""
    processor = source.processor
    terms = {
        "address": processor.base_url,
        "controller": processor.controller_id,
        "format": processor.identity_format,
        "identities": identities_digest(subject),
    }
    return Ask(source.pk, source.kind, terms)


def words(source: Source) -> tuple[str, str]:
    """Who is asked, and for what."""
    processor = source.processor
    sent = processor.get_identity_format_display()
    return processor.base_url, _("asked over the network; identifiers are sent %(how)s") % {"how": sent}


def new_callback() -> tuple[str, bytes]:
    """A secret token and its SHA-256."""
    token = secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> bytes:
    """By which the errand of a callback is found; the token itself is not kept."""
    return hashlib.sha256(token.encode()).digest()


def message(errand: Errand, processor: Processor, token: str) -> bytes:
    """The body of the question. Made anew for each try, never stored: it names the person.

    Raises:
        ProcessorProblem: the person is not known by anything that could be sent.
    """
    identities = [_identity(each, processor) for each in errand.subject.identifiers.order_by("pk")]
    if not identities:
        raise ProcessorProblem("processor_no_identity")
    return json.dumps(
        {
            "subject_request_id": str(errand.pk),
            "subject_request_type": errand.work,
            "submitted_time": errand.created_at.isoformat(timespec="seconds"),
            "subject_identities": identities,
            "api_version": API_VERSION,
            "status_callback_urls": [portal_url(f"/opendsr/callbacks/{token}/")],
        }
    ).encode()


def _identity(known: Any, processor: Processor) -> dict[str, str]:
    value = known.value
    if processor.identity_format == IdentityFormat.SHA256:
        value = hashlib.sha256(value.encode()).hexdigest()
    return {
        "identity_type": IDENTITY_TYPES[IdentifierKind(known.kind)],
        "identity_value": value,
        "identity_format": processor.identity_format,
    }
