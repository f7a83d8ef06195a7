"""Sending what shows that a correction is right: of the person's own accord, until it is decided.

Danger and rule are those of `uploading`: the page opens only during a visit by a mailed link, and counts attempts.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from privacy.portal.errors import too_many_attempts
from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose
from requests.case_files.adding import send_evidence, takes_evidence
from requests.case_files.errors import FileNotTaken
from requests.forms import UploadForm
from requests.views.uploading import sent_form, within_limits
from requests.views.visited import case_of


@method_decorator(visit_needed(LinkPurpose.TRACK, otherwise="requests:track"), name="dispatch")
class EvidenceView(View):
    """One file at a time; the page can be used again."""

    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        return self._page(request, visit, UploadForm())

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        if not within_limits(request, case):
            return too_many_attempts(request)
        form = sent_form(request)
        if form.is_valid():
            try:
                send_evidence(case=case, upload=form.cleaned_data["file"])
            except FileNotTaken as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, _("We have your document. Thank you."))
                return redirect("requests:status")
        return self._page(request, visit, form)

    def _page(self, request: HttpRequest, visit: Visit, form: UploadForm) -> HttpResponse:
        case = case_of(visit)
        if not takes_evidence(case):
            return redirect("requests:status")
        return render(request, "requests/evidence.html", {"visit": visit, "case": case, "form": form})
