"""A mail backend that keeps mails in a folder, for the demo: one file for each Message-ID, so nothing is kept twice."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            parsed = message.message()
            name = sha256(parsed["Message-ID"].encode()).hexdigest()[:24]
            temporary = folder / f".{name}.part"
            temporary.write_bytes(parsed.as_bytes(linesep="\r\n"))  # type: ignore[call-arg]
            temporary.replace(folder / f"{name}.eml")
        return len(email_messages)
