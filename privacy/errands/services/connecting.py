"""Adding sources that are no database, and changing what is asked of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from privacy.datamap.errors import SourceNameTaken
from privacy.datamap.models import Source, SourceKind
from privacy.errands.errors import ProcessorNotUsable
from privacy.errands.models import IdentityFormat, ManualWork, Processor
from privacy.errands.processor.addresses import checked_base_url
from privacy.errands.processor.signatures import checked_key
from privacy.errands.processor.trying import try_processor
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer


def add_manual_source(*, name: str, owner: Officer, instructions: str, days: int, actor: Actor) -> Source:
    """Add a place in which a person does the work.

    Args:
        instructions: what to look for and what to delete; part of what an erasure's approval covers.
        days: within which a task is due.

    Raises:
        SourceNameTaken: another source has this name.
    """
    with _new_source(name, SourceKind.MANUAL, actor) as source:
        ManualWork.objects.create(source=source, owner=owner, instructions=instructions.strip(), days=days)
    return source


@transaction.atomic
def change_manual_source(*, source: Source, owner: Officer, instructions: str, days: int, actor: Actor) -> None:
    """Change who does the work and how. Tasks that are open keep what they were opened with."""
    ManualWork.objects.filter(source=source).update(owner=owner, instructions=instructions.strip(), days=days)
    record(action="source.changed", actor=actor, target=source, data={"fields": ["owner", "instructions", "days"]})


def add_processor(
    *, name: str, base_url: str, controller_id: str, key_pem: str, secret: str, identity_format: str, actor: Actor
) -> Source:
    """Add a processor that is reached by OpenDSR.

    Args:
        base_url: https address before `/requests`.
        key_pem: the certificate or public key with which it signs; RSA or elliptic curve, PEM.
        secret: bearer token; stored encrypted, never shown again.
        identity_format: an `IdentityFormat`.

    Raises:
        ProcessorNotUsable: address or key cannot be used, or the processor, asked now, does not answer as it must.
        SourceNameTaken: another source has this name.
    """
    given = _checked(base_url, controller_id, key_pem, identity_format)
    if not secret.strip():
        raise ProcessorNotUsable(_("Enter the token with which the processor knows us."))
    try_processor(Processor(secret=secret.strip(), **given))
    with _new_source(name, SourceKind.OPENDSR, actor) as source:
        Processor.objects.create(source=source, secret=secret.strip(), **given)
    return source


def change_processor(
    *, source: Source, base_url: str, controller_id: str, key_pem: str, secret: str, identity_format: str, actor: Actor
) -> None:
    """Change how a processor is reached. An empty `secret` leaves the present one.

    Raises:
        ProcessorNotUsable: address or key cannot be used, or the processor, asked now, does not answer as it must.
    """
    given = _checked(base_url, controller_id, key_pem, identity_format)
    if secret.strip():
        given["secret"] = secret.strip()
    kept = Processor.objects.get(source=source)
    try_processor(Processor(**{"secret": kept.secret} | given))
    with transaction.atomic():
        Processor.objects.filter(pk=kept.pk).update(**given)
        record(action="source.changed", actor=actor, target=source, data={"fields": sorted(given)})


def _checked(base_url: str, controller_id: str, key_pem: str, identity_format: str) -> dict[str, str]:
    if not controller_id.strip():
        raise ProcessorNotUsable(_("Enter the id under which the processor knows your organisation."))
    return {
        "base_url": checked_base_url(base_url),
        "controller_id": controller_id.strip(),
        "key_pem": checked_key(key_pem),
        "identity_format": IdentityFormat(identity_format),
    }


@contextmanager
def _new_source(name: str, kind: SourceKind, actor: Actor) -> Iterator[Source]:
    """A new source and what the body adds to it, in one transaction."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                source = Source.objects.create(name=name.strip(), kind=kind, address="")
        except IntegrityError:
            raise SourceNameTaken from None
        record(action="source.connected", actor=actor, target=source, data={"kind": kind})
        yield source
