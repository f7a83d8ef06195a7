"""The demo's mailbox: mails that a mail server would have carried. Exists in the demo and in tests only."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

_LINK = re.compile(r"https?://[^\s<>\"]+")
_SHOWN = 200


@dataclass(frozen=True)
class Mail:
    name: str
    arrived: datetime
    to: str
    sender: str
    subject: str
    body: str


def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails, the newest first."""
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return render(request, "demo/mailbox.html", {"mails": [_read(path) for path in files[:_SHOWN]]})


def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, its links ready to be followed."""
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    if not re.fullmatch(r"[0-9a-f]{24}", name) or not path.exists():
        raise Http404
    found = _read(path)
    return render(request, "demo/mail.html", {"mail": found, "body": _with_links(found.body)})


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    text = message.get_body(("plain",))
    return Mail(
        name=path.stem,
        arrived=datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone()),
        to=str(message["To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        body=text.get_content() if text else "",
    )


def _with_links(text: str) -> str:
    pieces, position = [], 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(".,)")
        pieces.append(("{}", (text[position : match.start()],)))
        pieces.append(('<a href="{0}">{0}</a>', (address,)))
        position = match.start() + len(address)
    pieces.append(("{}", (text[position:],)))
    return mark_safe("".join(format_html_join("", template, [arguments]) for template, arguments in pieces))  # noqa: S308
