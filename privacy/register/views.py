"""The privacy notice: the one in force, and every earlier one."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from privacy.register.models import Notice
from privacy.register.notice_text import parts_of
from privacy.register.selectors import current_notice


@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    return _show(request, _in_force())


@require_GET
def earlier_notice(request: HttpRequest, version: str) -> HttpResponse:
    return _show(request, get_object_or_404(_published(), version=version))


def _show(request: HttpRequest, shown: Notice | None) -> HttpResponse:
    current = _in_force()
    context = {
        "notice": shown,
        "parts": parts_of(shown.body) if shown else [],
        "is_current": shown == current,
        "versions": _published(),
        "current": current,
    }
    return render(request, "register/notice.html", context)


def _in_force() -> Notice | None:
    return current_notice(get_language() or "en") or current_notice()


def _published() -> QuerySet[Notice]:
    return Notice.objects.filter(published_at__lte=timezone.now())
