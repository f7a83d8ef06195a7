"""Secret links sent by mail.

Danger: a link is a key. In a URL it reaches histories, logs and mail scanners.
Rule: 256 random bits, kept only as a digest, bound to purpose, person and target, expiring and counted. Opening the
link shows a page with a button and looks nothing up, so unknown, used and good links look and take the same; the
button's POST redeems it into the visitor's session, and the token never appears in an address again.
"""

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from privacy.subjects.models import LinkPurpose, MailLink, Subject

LIFETIME = {
    LinkPurpose.CONFIRM: timedelta(days=3),
    LinkPurpose.TRACK: timedelta(days=30),
    LinkPurpose.DOWNLOAD: timedelta(days=14),
    LinkPurpose.PREFERENCES: timedelta(days=3),
}
USES = {LinkPurpose.CONFIRM: 5, LinkPurpose.TRACK: 100, LinkPurpose.DOWNLOAD: 20, LinkPurpose.PREFERENCES: 20}


def new_link(*, purpose: LinkPurpose, subject: Subject, target_id: uuid.UUID | None = None) -> str:
    """Make a link and return its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    MailLink.objects.create(
        purpose=purpose,
        subject=subject,
        target_id=target_id,
        token_digest=_digest(token),
        expires_at=timezone.now() + LIFETIME[purpose],
        uses_left=USES[purpose],
    )
    return token


def redeem(*, token: str, purpose: LinkPurpose) -> MailLink | None:
    """Use a link once. None when it is unknown, for something else, expired or used up; nobody is told which."""
    digest = _digest(token)
    used = MailLink.objects.filter(
        token_digest=digest, purpose=purpose, expires_at__gt=timezone.now(), uses_left__gt=0
    ).update(uses_left=F("uses_left") - 1)
    return MailLink.objects.select_related("subject").filter(token_digest=digest).first() if used else None


def revoke_links(*, purpose: LinkPurpose, target_id: uuid.UUID) -> None:
    """Make every link to a target useless, at once."""
    MailLink.objects.filter(purpose=purpose, target_id=target_id).update(uses_left=0)


def forget_expired_links() -> int:
    """Delete links whose time is over, and answer how many: nothing can be done with them any more."""
    deleted, _by_model = MailLink.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()  # what is typed need not be a text
