"""A person's visit after a mailed link: who they are, what for, and until when.

Danger: a visit that outlives the person at the keyboard, or that opens more than its link was meant for.
Rule: half an hour, then ask again. A visit is for one purpose and one target; a page names the purposes it accepts.
Whoever was still writing when it ended sees what they wrote, and nothing else of the page.
The session gets a new key when a visit begins and when it ends, so that a key planted before is worth nothing.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.subjects.models import LinkPurpose, MailLink, Subject

LASTS = timedelta(minutes=30)
_KEY = "visit"

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Visit:
    """`target_id` is what the link was for (a case); `link_id` the link that was redeemed."""

    purpose: LinkPurpose
    subject_id: uuid.UUID
    target_id: uuid.UUID | None
    link_id: uuid.UUID | None
    until: datetime


def begin_visit(
    request: HttpRequest,
    *,
    purpose: LinkPurpose,
    subject_id: uuid.UUID,
    target_id: uuid.UUID | None = None,
    link_id: uuid.UUID | None = None,
) -> None:
    """Let the visitor in for half an hour. A visit that was going on ends."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "purpose": purpose.value,
        "subject_id": str(subject_id),
        "target_id": str(target_id) if target_id else None,
        "link_id": str(link_id) if link_id else None,
        "until": (timezone.now() + LASTS).isoformat(),
    }


def begin_visit_by(request: HttpRequest, link: MailLink) -> None:
    """Let in whoever redeemed a link."""
    begin_visit(
        request,
        purpose=LinkPurpose(link.purpose),
        subject_id=link.subject_id,
        target_id=link.target_id,
        link_id=link.pk,
    )


def current_visit(request: HttpRequest, *purposes: LinkPurpose) -> Visit | None:
    """The visit that is going on, when it is for one of these purposes. It ends with its time, and with its person."""
    stored = request.session.get(_KEY)
    if stored is None:
        return None
    visit = Visit(
        purpose=LinkPurpose(stored["purpose"]),
        subject_id=uuid.UUID(stored["subject_id"]),
        target_id=uuid.UUID(stored["target_id"]) if stored["target_id"] else None,
        link_id=uuid.UUID(stored["link_id"]) if stored["link_id"] else None,
        until=datetime.fromisoformat(stored["until"]),
    )
    if visit.until <= timezone.now() or not Subject.objects.filter(pk=visit.subject_id).exists():
        end_visit(request)
        return None
    return visit if visit.purpose in purposes else None


def end_visit(request: HttpRequest) -> None:
    """Forget the visit. An officer who is signed in with the same browser stays signed in."""
    if request.session.pop(_KEY, None) is None:
        return
    if request.session.keys():
        request.session.cycle_key()
    else:
        request.session.flush()


def visit_needed(*purposes: LinkPurpose, otherwise: str, typed: Sequence[str] = ()) -> Callable[[View], View]:
    """Open a page only during a visit for one of these purposes; the view gets it as `visit`.

    Args:
        otherwise: name of the page on which one asks for a link.
        typed: the fields of its form in which people write; what they wrote is shown again when the visit has ended.
    """

    def around(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            visit = current_visit(request, *purposes)
            if visit is None:
                return _without_visit(request, otherwise, typed)
            return view(request, *args, visit=visit, **kwargs)

        return checked

    return around


def _without_visit(request: HttpRequest, otherwise: str, typed: Sequence[str]) -> HttpResponseBase:
    written = [words for name in typed if (words := request.POST.get(name, "")).strip()]
    if written:
        return render(request, "portal/visit_ended.html", {"written": written, "ask_again": otherwise})
    if request.method == "POST":
        words = _("Your visit had ended, so nothing of what you sent was recorded. Ask here for a new link by mail.")
    else:
        words = _("For your safety this page opens only with a link from our mail. Ask for it here.")
    messages.info(request, words)
    return redirect(otherwise)
