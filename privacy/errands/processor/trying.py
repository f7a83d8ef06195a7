"""Trying a processor before it is saved: is it there, does it know us, and does it take what we would ask?

OpenDSR 2.0, GET /discovery. Nothing about any person is sent.
"""

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.errands.errors import ProcessorNotUsable, ProcessorProblem
from privacy.errands.models import Processor
from privacy.errands.processor.asking import IDENTITY_TYPES
from privacy.errands.processor.client import Answer, call, host_of
from privacy.errands.processor.signatures import verify
from privacy.subjects.identifiers import IdentifierKind

_WORDS: dict[str, str | Promise] = {
    "processor_unreachable": gettext_lazy(
        "Nobody answers at this address. Check it, and whether the service can be reached."
    ),
    "processor_address_private": gettext_lazy(
        "This address lies inside a private network, where the portal calls nobody."
    ),
    "processor_elsewhere": gettext_lazy(
        "The address sends us elsewhere. Enter the address at which the service itself answers."
    ),
    "processor_too_long": gettext_lazy("What answers at this address is no OpenDSR service: its answer does not end."),
    "processor_signature": gettext_lazy(
        "The answer is not signed with the key you entered, or names another domain. Ask for the present key."
    ),
}


def try_processor(processor: Processor) -> None:
    """Ask a processor that is not saved yet what it takes.

    Raises:
        ProcessorNotUsable: not reached, not signed, our token is not known, or it cannot do what we would ask.
    """
    try:
        answer = call(processor, "GET", "/discovery")
        _check_status(answer)
        verify(body=answer.body, headers=answer.headers, key_pem=processor.key_pem, domain=host_of(processor))
    except ProcessorProblem as problem:
        words = _WORDS.get(problem.code) or _WORDS["processor_unreachable"]
        raise ProcessorNotUsable(str(words)) from None
    _check_what_it_takes(_read(answer.body), processor)


def _check_status(answer: Answer) -> None:
    if answer.status in (401, 403):
        raise ProcessorNotUsable(_("The processor does not know this token. Ask its operator for the right one."))
    if answer.status != 200:
        raise ProcessorNotUsable(
            _("There is no OpenDSR service at this address: it answers with status %(status)d where it should say what "
              "it takes. The address ends before /discovery.") % {"status": answer.status}
        )  # fmt: skip


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProcessorNotUsable(_("What answers at this address is no OpenDSR service."))
    return said


def _check_what_it_takes(said: dict[str, Any], processor: Processor) -> None:
    """It has to erase, and to know people by at least one kind of identifier that we have."""
    kinds = said.get("supported_subject_request_types")
    if not isinstance(kinds, list) or "erasure" not in kinds:
        raise ProcessorNotUsable(_("This processor takes no requests for erasure, so it cannot be a source."))
    taken = said.get("supported_identities")
    ours = {IDENTITY_TYPES[kind] for kind in IdentifierKind if kind in IDENTITY_TYPES}
    fits = [
        each
        for each in (taken if isinstance(taken, list) else [])
        if isinstance(each, dict)
        and each.get("identity_type") in ours
        and each.get("identity_format") == processor.identity_format
    ]
    if not fits:
        raise ProcessorNotUsable(
            _("This processor does not know people by anything we have, in the form you chose. Choose the other form.")
        )
