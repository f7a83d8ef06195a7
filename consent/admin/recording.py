"""The page on which officers record a consent, and the way to the scan of one."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from consent.admin.recording_form import RecordForm, field_of
from consent.documents import document_of, open_document
from consent.errors import ConsentRefused, DocumentClosed, KeyReused
from consent.models import ConsentRecord, Method
from consent.services.by_officer import METHODS, is_recorded, record_for_person
from privacy.ledger.actors import Actor
from privacy.letters.words import day_words
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierInvalid
from privacy.tenants.context import current_organisation, organisation_context
from privacy.tenants.models import Organisation
from privacy.tenants.sent_pages import SENT_BEFORE, Page, hidden_field, number_to_show

_LIST = "officer:consent_consentrecord_changelist"


def record_view(request: HttpRequest, *, site: Any) -> HttpResponse:
    """A form for each method; `?method=` chooses it."""
    assert isinstance(request.user, Officer)
    named = request.GET.get("method", "")
    method = Method(named) if named in METHODS else METHODS[0]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RecordForm(*sent, method=method, heard_by=request.user.full_name)
    if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.add_error(None, _("The file is too large; it may have 25 MB at most."))
    page, is_used = Page.of(request.POST), partial(is_recorded, request.user)
    if form.is_valid() and _record(request, form, request.user, page):
        return HttpResponseRedirect(reverse(_LIST))
    if page.number is not None and is_used(page.number):
        form.add_error(None, SENT_BEFORE)
    request.current_app = site.name
    context = {
        "title": _("Record a consent"),
        "form": form,
        "method": method.value,
        "methods": [(each.value, each.label) for each in METHODS],
        "wordings": form.fields["wording"].queryset,  # type: ignore[attr-defined]
        "number": hidden_field(number_to_show(request.POST, is_used=is_used)),
        "back": reverse(_LIST),
    }
    return TemplateResponse(request, "officer/consent/record.html", site.each_context(request) | context)


def document_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hands the scan of a record out, as an attachment that no browser shows or keeps."""
    row = ConsentRecord.objects.select_related("evidence__document").filter(pk=pk).first()
    document = document_of(row) if row is not None else None
    if document is None:
        raise Http404
    try:
        chunks = open_document(document, actor=Actor.officer(request.user))
    except DocumentClosed as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(reverse("officer:consent_consentrecord_change", args=[pk]))
    response = StreamingHttpResponse(_inside(current_organisation(), chunks), content_type="application/octet-stream")
    name = document.name or f"{document.pk}.{document.kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Content-Length"] = str(document.size)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]  # a stream is a response too


def _record(request: HttpRequest, form: RecordForm, officer: Officer, page: Page) -> bool:
    try:
        recorded = record_for_person(entry=form.entry(), officer=officer, page=page)
    except KeyReused:
        return False
    except ConsentRefused as refusal:
        form.add_error(field_of(refusal, form), refusal.message)
        return False
    except IdentifierInvalid as error:
        form.add_error("email", str(error))
        return False
    if recorded.before:
        messages.info(request, _("You had sent this page already. It is recorded, and there is no second record."))
    else:
        messages.success(request, _("It is recorded, and the person gets a receipt by mail."))
    if recorded.record.was_over and recorded.record.expires_at is not None:
        words = _(
            "This consent ended on %(day)s already: do not use the person's data because of it. The receipt says so."
        )
        messages.warning(request, words % {"day": day_words(local_date(recorded.record.expires_at))})
    return True


def _inside(organisation: Organisation, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream is read after the organisation was left; its keys are needed until the end."""
    with organisation_context(organisation):
        yield from chunks
