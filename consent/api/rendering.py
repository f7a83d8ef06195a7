"""A receipt in the form that the caller asks for, by `Accept` or `?format=`; what goes wrong is a JSON problem always.

The view answers with the record's facts; each form is made of them here.
"""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

from consent.receipts import Facts, Form, receipt_of
from consent.receipts.pdf import as_pdf


class _ReceiptRenderer(BaseRenderer):
    """Renders facts; anything else is a problem and stays one."""

    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return self.made(data) if isinstance(data, Facts) else JSONRenderer().render(data)

    def made(self, facts: Facts) -> bytes:
        raise NotImplementedError


class PlainRenderer(_ReceiptRenderer):
    """The fields of ISO/IEC TS 27560 and, of a consent that was given, of Kantara; and the same signed."""

    media_type = "application/json"
    format = "json"

    def made(self, facts: Facts) -> bytes:
        return _with_signature(facts, Form.PLAIN)


class KantaraRenderer(_ReceiptRenderer):
    """The fields of Kantara 1.1.0 alone, and the same signed; by name only, for it has no media type of its own."""

    media_type = "application/json"
    format = "kantara"

    def made(self, facts: Facts) -> bytes:
        return _with_signature(facts, Form.KANTARA)


class LinkedRenderer(_ReceiptRenderer):
    """JSON-LD: the document itself, without a signature; `jsonld-jose` has it signed."""

    media_type = "application/ld+json"
    format = "jsonld"

    def made(self, facts: Facts) -> bytes:
        return json.dumps(receipt_of(facts, Form.LINKED).fields, ensure_ascii=False).encode()


class SignedRenderer(_ReceiptRenderer):
    """The signed receipt alone (compact JWS): what `verify_receipt` and every JOSE library read."""

    media_type = "application/jose"
    format = "jose"
    form = Form.PLAIN

    def made(self, facts: Facts) -> bytes:
        return receipt_of(facts, self.form).jws.encode()


class SignedLinkedRenderer(SignedRenderer):
    """The JSON-LD receipt, signed."""

    format = "jsonld-jose"
    form = Form.LINKED


class PdfRenderer(_ReceiptRenderer):
    """For people."""

    media_type = "application/pdf"
    format = "pdf"

    def made(self, facts: Facts) -> bytes:
        return as_pdf(facts)


def _with_signature(facts: Facts, form: Form) -> bytes:
    made = receipt_of(facts, form)
    return JSONRenderer().render({"receipt": made.fields, "jws": made.jws})


RECEIPT_RENDERERS = (PlainRenderer, LinkedRenderer, KantaraRenderer, SignedRenderer, SignedLinkedRenderer, PdfRenderer)
EXTENSIONS = {each.format: each.format for each in RECEIPT_RENDERERS} | {
    KantaraRenderer.format: "json",
    SignedRenderer.format: "jws",
    SignedLinkedRenderer.format: "jws",
}
"""How the file of each form ends."""
