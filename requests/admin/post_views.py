"""The page on which an officer posts a package: the letter, the file, and the day.

Danger: the whole of a person's data in one file. Rule: a POST hands it out, once, after the ledger says who took it, as
an attachment that no browser shows or keeps.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget

from privacy.letters.errors import LetterError
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.tenants.context import current_organisation, organisation_context
from privacy.tenants.models import Organisation
from requests.admin.viewing import note_view
from requests.errors import CaseError
from requests.fulfilment.access_package import open_package
from requests.models import AccessPackage, SubjectRequest
from requests.services.by_post import (
    Medium,
    media_for,
    record_package_posted,
    take_for_post,
    write_covering_letter,
)
from requests.services.packaging import covering_letter, waiting_package

_MEDIA = {Medium.CARRIER: gettext_lazy("A data carrier, with the file"), Medium.PAPER: gettext_lazy("Printed on paper")}


class LetterForm(forms.Form):
    """On what the data goes."""

    medium = forms.ChoiceField(label=gettext_lazy("What is posted"), widget=UnfoldAdminSelectWidget())

    def __init__(self, case: SubjectRequest, data: Any = None) -> None:
        super().__init__(data)
        self.fields["medium"].choices = [(each.value, _MEDIA[each]) for each in media_for(case)]  # type: ignore[attr-defined]


class PostedForm(forms.Form):
    """When it was brought to the post."""

    on = forms.DateField(label=gettext_lazy("Day of posting"), widget=UnfoldAdminDateWidget())


class PostViews:
    """Mixed into the views of cases."""

    _case: Callable[..., SubjectRequest]
    _page: Callable[..., HttpResponse]
    _back: Callable[..., HttpResponse]

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        """The views by their codes."""
        return {"send_by_post": self.send_by_post_view}

    def send_by_post_view(self, request: HttpRequest, pk: uuid.UUID) -> Any:
        """The three steps on one page; each is a POST of its own."""
        case = self._case(request, pk)
        package = waiting_package(case)
        if package is None:
            messages.info(request, _("The case has moved on; this cannot be done any more."))
            return self._back(case)
        note_view(case=case, officer=request.user)  # type: ignore[arg-type]
        letter_form, posted_form = LetterForm(case), PostedForm(initial={"on": local_date(timezone.now())})
        if request.method == "POST":
            step, officer = request.POST.get("step"), request.user
            assert isinstance(officer, Officer)  # the site lets in nobody else
            if step == "letter":
                letter_form = LetterForm(case, request.POST)
            elif step == "posted":
                posted_form = PostedForm(request.POST)
            try:
                if step == "take":
                    return _download(take_for_post(case=case, officer=officer))
                if step == "letter" and letter_form.is_valid():
                    medium = Medium(letter_form.cleaned_data["medium"])
                    write_covering_letter(case=case, officer=officer, medium=medium)
                    messages.success(request, _("Written. Print it, and download the package."))
                    return HttpResponseRedirect(reverse("officer:requests_subjectrequest_send_by_post", args=[case.pk]))
                if step == "posted" and posted_form.is_valid():
                    record_package_posted(case=case, officer=officer, on=posted_form.cleaned_data["on"])
                    messages.success(request, _("Noted: it is posted. The case is completed."))
                    return self._back(case)
            except (CaseError, LetterError) as error:
                messages.error(request, str(error))
        context = {
            "package": package,
            "letter": covering_letter(case),
            "letter_form": letter_form,
            "posted_form": posted_form,
        }
        return self._page(request, "officer/requests/send_by_post.html", case, _("Send by post"), context)


def _download(package: AccessPackage) -> StreamingHttpResponse:
    chunks = _inside(current_organisation(), open_package(package))
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{package.case.reference}.zip"'
    response["Content-Length"] = str(package.size)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _inside(organisation: Organisation, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream is read after the organisation was left; its keys are needed until the end."""
    with organisation_context(organisation):
        yield from chunks
