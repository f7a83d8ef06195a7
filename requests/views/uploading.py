"""Sending a document that the organisation asked for: one file at a time, and only what was asked for.

Danger: strangers fill the disk, or hand in something for another person's case. Rule: the page opens only during a
visit by a mailed link, takes a file only for an open question of that one case, and counts attempts.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from privacy.portal.errors import too_many_attempts
from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of
from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose
from requests.case_files.adding import answer_ask
from requests.case_files.errors import FileNotTaken
from requests.case_files.selectors import open_asks
from requests.forms import UploadForm
from requests.models import FileAsk, SubjectRequest
from requests.models.files import SENSITIVE_ROLES
from requests.views.visited import case_of

FOR_ONE_CASE, FROM_ONE_MACHINE, IN_AN_HOUR = 20, 40, timedelta(hours=1)


@method_decorator(visit_needed(LinkPurpose.TRACK, otherwise="requests:track"), name="dispatch")
class UploadView(View):
    """The first thing that is asked for; the next one when that has come."""

    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        asks = open_asks(case)
        if not asks:
            return _nothing_needed(request)
        return _page(request, visit, case, asks[0], UploadForm())

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        if not within_limits(request, case):
            return too_many_attempts(request)
        asks = open_asks(case)
        if not asks:
            return _nothing_needed(request)
        ask = next((each for each in asks if str(each.pk) == _key(request)), asks[0])
        form = sent_form(request)
        if not form.is_valid():
            return _page(request, visit, case, ask, form)
        try:
            answer_ask(ask=ask, upload=form.cleaned_data["file"])
        except FileNotTaken as error:
            form.add_error("file", str(error))
            return _page(request, visit, case, ask, form)
        messages.success(request, _("We have your document. Thank you."))
        return redirect("requests:status" if len(asks) == 1 else "requests:upload")


def within_limits(request: HttpRequest, case: SubjectRequest) -> bool:
    """Whether one more file may be sent now, for this case and from this machine. Counts the attempt."""
    for_case = within_limit(what="requests.upload.case", who=str(case.pk), limit=FOR_ONE_CASE, period=IN_AN_HOUR)
    return for_case and within_limit(
        what="requests.upload", who=machine_of(request), limit=FROM_ONE_MACHINE, period=IN_AN_HOUR
    )


def sent_form(request: HttpRequest) -> UploadForm:
    """The form with what was sent; a file that is too large is an error of its field."""
    form = UploadForm(request.POST, request.FILES)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.errors.pop("file", None)
        form.add_error("file", _("The file is too large; it may have 25 MB at most."))
    return form


def _key(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("ask", "")))
    except ValueError:
        return ""


def _nothing_needed(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("We need no document from you now."))
    return redirect("requests:status")


def _page(request: HttpRequest, visit: Visit, case: SubjectRequest, ask: FileAsk, form: UploadForm) -> HttpResponse:
    context = {
        "visit": visit, "case": case, "ask": ask, "form": form, "ask_is_sensitive": ask.role in SENSITIVE_ROLES,
    }  # fmt: skip
    return render(request, "requests/upload.html", context)
