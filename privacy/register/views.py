"""The privacy notice: the one in force, the one to come, every earlier one, and what changed between them.

A version that was taken back has a page only where people were told of it, and none of its words are on it."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from privacy.register.listening import taken_back_at
from privacy.register.models import Notice
from privacy.register.notice_changes import compare
from privacy.register.notice_text import parts_of, without_marks
from privacy.register.selectors import current_notice, notice_before, notice_to_come


@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    return _show(request, _in_force())


@require_GET
def earlier_notice(request: HttpRequest, version: str) -> HttpResponse:
    shown = _shown().filter(version=version).first()
    return _show(request, shown) if shown is not None else _taken_back(request, version)


@require_GET
def notice_changes(request: HttpRequest, version: str) -> HttpResponse:
    """Word by word, what a version changed of the one before it."""
    shown = _shown().filter(version=version).first()
    if shown is None:
        return _taken_back(request, version)
    before = notice_before(shown)
    if before is None:
        raise Http404
    context = {
        "notice": shown,
        "before": before,
        "pieces": compare(without_marks(before.body), without_marks(shown.body)),
    }
    return render(request, "register/changes.html", context)


def _taken_back(request: HttpRequest, version: str) -> HttpResponse:
    """For whoever comes by our letter about a version that is not to come any more."""
    at = taken_back_at(version)
    if at is None:
        raise Http404
    in_force = _in_force()
    context = {
        "version": version,
        "at": at,
        "current": in_force,
        "to_come": notice_to_come(in_force.language if in_force else "en"),
    }
    return render(request, "register/taken_back.html", context)


def _show(request: HttpRequest, shown: Notice | None) -> HttpResponse:
    standing = [current_notice(each) for each in {each.language for each in _published()}]
    is_current = shown in standing
    context = {
        "notice": shown,
        "parts": parts_of(shown.body) if shown else [],
        "is_current": is_current,
        "is_to_come": shown is not None and shown.published_at is None,
        "to_come": notice_to_come(shown.language) if is_current and shown is not None else None,
        "before": notice_before(shown) if shown is not None else None,
        "versions": _published(),
        "standing": standing,
        "current": _in_force(),
    }
    return render(request, "register/notice.html", context)


def _in_force() -> Notice | None:
    return current_notice(get_language() or "en") or current_notice()


def _published() -> QuerySet[Notice]:
    return Notice.objects.filter(published_at__lte=timezone.now())


def _shown() -> QuerySet[Notice]:
    """Every version that people may read: also the one that is scheduled, for they were told of it."""
    return Notice.objects.filter(Q(published_at__lte=timezone.now()) | Q(scheduled_for__isnull=False))
