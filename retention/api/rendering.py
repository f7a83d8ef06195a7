"""A certificate as PDF, for callers who ask for one; what goes wrong is a JSON problem all the same."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

from retention.certificate.pdf import as_pdf


class PdfRenderer(BaseRenderer):
    """`Accept: application/pdf`, or `?format=pdf`."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        response = (renderer_context or {}).get("response")
        if response is None or response.status_code != 200:
            return JSONRenderer().render(data)
        return as_pdf(data["jws"])
