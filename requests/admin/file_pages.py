"""Pages of the officers' site about the files of a case. They are no model's, so they need no list of all files.

Danger: names of files and what is in them. Rule: addresses hold opaque ids; a file goes out as an attachment that no
browser shows or keeps, and never before the ledger says who took it.
"""

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from privacy.documents import scanning
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.tenants.context import current_organisation, organisation_context
from privacy.tenants.models import Organisation
from requests.admin.file_forms import AddFileForm, AskForm
from requests.admin.viewing import note_view
from requests.case_files.adding import add_file
from requests.case_files.asking import ask_for_file, take_ask_back
from requests.case_files.deleting import delete_identity_documents
from requests.case_files.opening import SENSITIVE, may_handle, open_file, openings
from requests.case_files.releasing import keep_file_back, release_file
from requests.case_files.selectors import FileRow, file_rows, open_asks
from requests.errors import CaseError, NotAllowed
from requests.models import CaseFile, CaseFileRole, FileAsk, Redaction, SubjectRequest
from requests.selectors import visible_cases
from requests.services.moves import check_may_handle

View = Callable[..., Any]


def case_file_urls(site: Any) -> list[URLPattern]:
    """The pages, for the address list of the site of officers."""
    views: dict[str, tuple[str, View]] = {
        "case_files": ("cases/<uuid:case>/files/", files_view),
        "case_file_ask": ("cases/<uuid:case>/files/ask/", require_POST(ask_view)),
        "case_file_delete_identity": ("cases/<uuid:case>/files/delete-identity/", delete_identity_view),
        "case_file_take_back": ("cases/files/asks/<uuid:pk>/take-back/", require_POST(take_back_view)),
        "case_file": ("cases/files/<uuid:pk>/", require_GET(file_view)),
        "case_file_release": ("cases/files/<uuid:pk>/release/", require_POST(release_view)),
        "case_file_keep_back": ("cases/files/<uuid:pk>/keep-back/", require_POST(keep_back_view)),
        "case_file_download": ("cases/files/<uuid:pk>/download/", require_GET(download_view)),
    }
    return [path(route, site.admin_view(partial(view, site=site)), name=name) for name, (route, view) in views.items()]


def files_view(request: HttpRequest, case: uuid.UUID, *, site: Any) -> HttpResponse:
    """All files of a case; what is posted here is a new one."""
    shown = visible_case(request, case)
    note_view(case=shown, officer=officer_of(request))
    if request.method != "POST":
        return _files_page(request, site, shown, AddFileForm(), AskForm())
    form = AddFileForm(request.POST, request.FILES)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.add_error("file", _("The file is too large; it may have 25 MB at most."))
    if not form.is_valid():
        return _files_page(request, site, shown, form, AskForm())
    given = form.cleaned_data
    try:
        add_file(
            case=shown,
            officer=officer_of(request),
            role=CaseFileRole(given["role"]),
            upload=given["file"],
            comment=given["comment"],
        )
    except CaseError as error:
        form.add_error(None, str(error))
        return _files_page(request, site, shown, form, AskForm())
    added = _("Added. It can be opened once the virus scanner found it clean.")
    messages.success(request, added if scanning.is_configured() else _("Added."))
    return back_to_files(shown.pk)


def ask_view(request: HttpRequest, case: uuid.UUID, *, site: Any) -> HttpResponse:
    """Asks the person for a document."""
    shown = visible_case(request, case)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _files_page(request, site, shown, AddFileForm(), form)
    given = form.cleaned_data
    act = partial(ask_for_file, case=shown, officer=officer_of(request), role=CaseFileRole(given["role"]))
    return perform(request, shown.pk, lambda: act(words=given["words"]), _("Asked. The letter is on its way."))


def take_back_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """The document is not needed after all."""
    ask = FileAsk.objects.filter(pk=pk).select_related("case").first()
    if ask is None:
        raise Http404
    shown = visible_case(request, ask.case_id)
    return perform(
        request, shown.pk, lambda: take_ask_back(ask=ask, officer=officer_of(request)), _("Not asked for any more.")
    )


def delete_identity_view(request: HttpRequest, case: uuid.UUID, *, site: Any) -> HttpResponse:
    """Deletes what shows who asks before the decision does: it was looked at, and is not needed any more."""
    shown = visible_case(request, case)
    if request.method != "POST":
        context = {
            "explanation": (
                _("Every identity document and authority of this case is deleted now, and cannot be brought back."),
                _("What kind of file it was, its hash, and who opened it stay in the record."),
            ),
            "button": _("Delete them"),
            "back": reverse("officer:case_files", args=[shown.pk]),
        }
        return page(request, site, "officer/confirm.html", _("Delete identity documents?"), context)

    def act() -> None:
        check_may_handle(officer_of(request), shown)
        if not officer_of(request).has_perm(SENSITIVE):
            raise NotAllowed
        delete_identity_documents(case=shown, actor=Actor.officer(officer_of(request)))

    return perform(request, shown.pk, act, _("Identity documents of this case are being deleted."))


def file_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """What is known of one file: where it comes from, what the scanner said, who opened it, what was made of it."""
    file = visible_file(request, pk)
    officer = officer_of(request)
    rows = file_rows(file.case, officer, handles=may_handle(officer, file.case))
    seen = list(openings(file).order_by("-recorded_at")[:100])
    officers = Officer.objects.in_bulk([int(entry.actor_id) for entry in seen if entry.actor_id.isdigit()])
    context = {
        "case": file.case,
        "row": next(row for row in rows if row.file.pk == file.pk),
        "openings": [
            (entry.recorded_at, str(officers.get(int(entry.actor_id)) or _("a former officer"))) for entry in seen
        ],
        "redactions": Redaction.objects.filter(file=file).select_related("officer", "copy").order_by("-changed_at"),
        "made_by": Redaction.objects.filter(copy=file).select_related("file").first(),
    }
    return page(request, site, "officer/requests/files/file.html", _("File"), context)


def release_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """The document goes with the access package."""
    file = visible_file(request, pk)
    act = partial(release_file, file=file, officer=officer_of(request))
    return perform(request, file.case_id, act, _("It goes with the access package that is made next."))


def keep_back_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse:
    """The document stays here."""
    file = visible_file(request, pk)
    act = partial(keep_file_back, file=file, officer=officer_of(request))
    return perform(request, file.case_id, act, _("It stays out of access packages."))


def download_view(request: HttpRequest, pk: uuid.UUID, *, site: Any) -> HttpResponse | StreamingHttpResponse:
    """Hands a file out."""
    file = visible_file(request, pk)
    try:
        chunks = open_file(file=file, officer=officer_of(request))
    except CaseError as error:
        messages.error(request, str(error))
        return back_to_files(file.case_id)
    response = StreamingHttpResponse(_inside(current_organisation(), chunks), content_type="application/octet-stream")
    name = file.name or f"{file.pk}.{file.kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def visible_case(request: HttpRequest, pk: uuid.UUID) -> SubjectRequest:
    """The case, if the officer may see it.

    Raises:
        Http404: there is none, or none for this officer.
    """
    case = visible_cases(request.user).select_related("subject").filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def visible_file(request: HttpRequest, pk: uuid.UUID) -> CaseFile:
    """A file of a case that the officer may see; opening it is another matter.

    Raises:
        Http404: there is none, or none for this officer.
    """
    file = CaseFile.objects.exclude(digest="").select_related("case", "officer").filter(pk=pk).first()
    if file is None:
        raise Http404
    visible_case(request, file.case_id)
    return file


def officer_of(request: HttpRequest) -> Officer:
    """Who is signed in; the site lets in nobody else."""
    assert isinstance(request.user, Officer)
    return request.user


def perform(request: HttpRequest, case: uuid.UUID, act: Callable[[], object], done: str) -> HttpResponse:
    """Do something, say what came of it, and go back to the files."""
    try:
        act()
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back_to_files(case)


def back_to_files(case: uuid.UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("officer:case_files", args=[case]))


def page(request: HttpRequest, site: Any, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the site."""
    request.current_app = site.name
    return TemplateResponse(request, template, site.each_context(request) | {"title": title} | context)


def _files_page(request: HttpRequest, site: Any, case: SubjectRequest, add: AddFileForm, ask: AskForm) -> HttpResponse:
    officer = officer_of(request)
    handles = may_handle(officer, case)
    rows = file_rows(case, officer, handles=handles)
    is_open = case.closed_at is None
    context = {
        "case": case,
        "rows": rows,
        "asks": open_asks(case),
        "add": add if handles else None,
        "ask": ask if handles and is_open else None,
        "may_delete_identity": handles and officer.has_perm(SENSITIVE) and any(_is_kept_identity(row) for row in rows),
        "is_scanned": scanning.is_configured(),
    }
    title = _("Files of %(reference)s") % {"reference": case.reference}
    return page(request, site, "officer/requests/files/files.html", title, context)


def _is_kept_identity(row: FileRow) -> bool:
    return row.file.is_sensitive and row.file.deletion_asked_at is None


def _inside(organisation: Organisation, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream is read after the organisation was left; its keys are needed until the end."""
    with organisation_context(organisation):
        yield from chunks
