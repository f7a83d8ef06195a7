"""Pages on which an officer paints over parts of a document: one page of it at a time, by mouse or by numbers.

Nothing of the original reaches the browser but pictures that the portal drew itself.
"""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from requests.admin.file_forms import MarkForm
from requests.admin.file_pages import back_to_files, officer_of, page, visible_case, visible_file
from requests.case_files.opening import check_may_open
from requests.errors import CaseError
from requests.models import Redaction
from requests.redaction.copying import ask_for_copy, log_lines
from requests.redaction.marking import add_mark, draft_of, remove_mark, shown_page
from requests.redaction.reasons import reason_of

View = Callable[..., HttpResponse]


def redaction_urls(site: Any) -> list[URLPattern]:
    """The pages, for the address list of the site of officers."""
    views: dict[str, tuple[str, View]] = {
        "case_file_redact": ("cases/files/<uuid:pk>/redact/", require_POST(begin_view)),
        "redaction_page": ("cases/redactions/<uuid:pk>/<int:number>/", page_view),
        "redaction_image": ("cases/redactions/<uuid:pk>/<int:number>/image.png", require_GET(image_view)),
        "redaction_unmark": ("cases/redactions/<uuid:pk>/<int:number>/unmark/", require_POST(unmark_view)),
        "redaction_copy": ("cases/redactions/<uuid:pk>/copy/", require_POST(copy_view)),
        "redaction_log": ("cases/redactions/<uuid:pk>/", require_GET(log_view)),
    }
    return [path(route, site.admin_view(partial(view, site=site)), name=name) for name, (route, view) in views.items()]


def begin_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """Begins a redaction, or goes on with the one that was begun."""
    file = visible_file(request, pk)
    try:
        draft = draft_of(file=file, officer=officer_of(request))
    except CaseError as error:
        messages.error(request, str(error))
        return back_to_files(file.case_id)
    return _to_page(draft, 1)


def page_view(request: HttpRequest, pk: uuid.UUID, number: int, *, site: Any) -> HttpResponse:
    """One page of the document and its marks; what is posted here is a new mark."""
    redaction = _redaction(request, pk)
    if not 1 <= number <= len(redaction.pages):
        raise Http404
    try:
        check_may_open(redaction.file, officer_of(request))
    except CaseError as error:
        messages.error(request, str(error))
        return back_to_files(redaction.file.case_id)
    if redaction.copy_asked_at is not None or redaction.copy_digest:
        return HttpResponseRedirect(reverse("officer:redaction_log", args=[redaction.pk]))
    if request.method != "POST":
        form = MarkForm(case=redaction.case, initial={"reason": request.GET.get("reason", "")})
        return _shown(request, site, redaction, number, form)
    form = MarkForm(request.POST, case=redaction.case)
    if not form.is_valid():
        return _shown(request, site, redaction, number, form)
    reason = form.cleaned_data["reason"]
    try:
        add_mark(redaction=redaction, officer=officer_of(request), page=number, box=form.box, reason=reason)
    except CaseError as error:
        form.add_error(None, str(error))
        return _shown(request, site, redaction, number, form)
    return _to_page(redaction, number, f"?reason={reason}")


def image_view(request: HttpRequest, pk: uuid.UUID, number: int, *, site: Any) -> HttpResponse:
    """The picture of a page, as it is or as the copy will show it."""
    redaction = _redaction(request, pk)
    if not 1 <= number <= len(redaction.pages):
        raise Http404
    try:
        picture = shown_page(
            redaction=redaction, officer=officer_of(request), page=number, is_preview="preview" in request.GET
        )
    except CaseError:
        raise Http404 from None
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "no-store"
    return response


def unmark_view(request: HttpRequest, pk: uuid.UUID, number: int, *, site: Any) -> HttpResponse:
    """Takes a mark away."""
    redaction = _redaction(request, pk)
    try:
        remove_mark(redaction=redaction, officer=officer_of(request), mark=request.POST.get("mark", ""))
    except CaseError as error:
        messages.error(request, str(error))
    return _to_page(redaction, number)


def copy_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """Has the redacted copy made."""
    redaction = _redaction(request, pk)
    try:
        ask_for_copy(redaction=redaction, officer=officer_of(request))
    except CaseError as error:
        messages.error(request, str(error))
        return _to_page(redaction, 1)
    return HttpResponseRedirect(reverse("officer:redaction_log", args=[redaction.pk]))


def log_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """What was withheld, by page and reason, as it may be told; and what became of the copy."""
    redaction = _redaction(request, pk)
    context = {
        "case": redaction.file.case,
        "redaction": redaction,
        "lines": log_lines(redaction),
        "is_waiting": redaction.copy_asked_at is not None and not redaction.copy_digest,
    }
    is_part = "part" in request.GET
    template = "officer/requests/files/making.html" if is_part else "officer/requests/files/log.html"
    response = page(request, site, template, _("What is withheld"), context)
    response["X-Live"] = "waiting" if context["is_waiting"] else "ended"
    return response


def _shown(request: HttpRequest, site: Any, redaction: Redaction, number: int, form: MarkForm) -> HttpResponse:
    marks = [
        mark | {"number": place, "reason_words": reason_of(mark["reason"])} | _percent(mark)
        for place, mark in enumerate((each for each in redaction.marks if each["page"] == number), start=1)
    ]
    counted: dict[int, int] = {}
    for mark in redaction.marks:
        counted[mark["page"]] = counted.get(mark["page"], 0) + 1
    width, height = redaction.pages[number - 1]
    context = {
        "case": redaction.file.case,
        "redaction": redaction,
        "number": number,
        "count": len(redaction.pages),
        "size": (round(width), round(height)),
        "marks": marks,
        "marked_pages": sorted(counted.items()),
        "is_preview": "preview" in request.GET,
        "form": form,
    }
    title = _("Redact: page %(page)d of %(count)d") % {"page": number, "count": len(redaction.pages)}
    return page(request, site, "officer/requests/files/redact.html", title, context)


def _percent(mark: dict[str, Any]) -> dict[str, str]:
    return {f"{name}_percent": f"{mark[name] * 100:.2f}" for name in ("left", "top", "width", "height")}


def _redaction(request: HttpRequest, pk: uuid.UUID) -> Redaction:
    redaction = Redaction.objects.select_related("file__case", "officer", "copy").filter(pk=pk).first()
    if redaction is None:
        raise Http404
    visible_case(request, redaction.file.case_id)
    return redaction


def _to_page(redaction: Redaction, number: int, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("officer:redaction_page", args=[redaction.pk, number]) + query)
