"""Leaving, and the start page of the installation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from privacy.portal.visits import end_visit


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit, so that whoever uses the browser next sees nothing."""
    end_visit(request)
    return redirect("portal:left")


@require_GET
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/left.html")


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The installation's own page. It names no organisation: who uses it is nobody else's business."""
    return render(request, "portal/start.html")
