"""Said by `manage.py check --deploy`."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from privacy.documents import scanning


@register("privacy_desk", deploy=True)
def uploads_are_scanned(**kwargs: Any) -> list[CheckMessage]:
    """A warning and no error: an installation whose files are scanned elsewhere, or that takes none, may do without."""
    if scanning.is_configured():
        return []
    return [
        Warning(
            "Uploaded files are not scanned for malware.",
            hint="Run ClamAV's daemon and set CLAMD_ADDRESS; pages say that files are not scanned until then.",
            id="privacy_desk.W001",
        )
    ]
