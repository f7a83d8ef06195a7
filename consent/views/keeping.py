"""What a person keeps: their decisions, and the receipt of each, to read and to download."""

from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from consent import selectors
from consent.history_files import as_csv, as_json
from consent.models import ConsentRecord
from consent.receipts import Facts, Form, facts_of, receipt_of
from consent.receipts import words as receipt_words
from consent.receipts.pdf import as_pdf
from consent.views.choosing import during_a_visit
from privacy.portal.visits import Visit
from privacy.subjects.models import Subject


@require_GET
@during_a_visit
def history(request: HttpRequest, visit: Visit) -> HttpResponse:
    return render(request, "consent/history.html", {"visit": visit, "records": _records(visit)})


@require_GET
@during_a_visit
def history_file(request: HttpRequest, form: str, visit: Visit) -> HttpResponse:
    """Every decision with its signed receipt, as JSON or CSV."""
    made = {"json": as_json, "csv": as_csv}.get(form)
    if made is None:
        raise Http404
    content = made(list(_records(visit)), host=_host(request))
    kind = "application/json" if form == "json" else "text/csv; charset=utf-8"
    return _file(content, kind, f"decisions.{form}")


@require_GET
@during_a_visit
def receipt_page(request: HttpRequest, record_id: UUID, visit: Visit) -> HttpResponse:
    facts = _facts(request, visit, record_id)
    context = {
        "visit": visit,
        "record": facts.record,
        "heading": receipt_words.heading(facts),
        "words": "" if facts.is_altered else receipt_words.agreed_words(facts),
        "is_altered": facts.is_altered,
        "decision": receipt_words.decision_lines(facts),
        "data": receipt_words.data_lines(facts),
        "who": receipt_words.organisation_lines(facts),
        "proof": receipt_words.proof_lines(facts),
        "keys": f"{facts.portal}/.well-known/jwks.json",
    }
    return render(request, "consent/receipt.html", context)


@require_GET
@during_a_visit
def receipt_file(request: HttpRequest, record_id: UUID, form: str, visit: Visit) -> HttpResponse:
    """The receipt as PDF, or signed: with the fields of ISO 27560 (`jws`), or as linked data (`jsonld`)."""
    facts = _facts(request, visit, record_id)
    if facts.is_altered:
        return redirect("consent:receipt", record_id)  # which says why there is none
    name = f"receipt-{record_id}"
    if form == "pdf":
        return _file(as_pdf(facts), "application/pdf", f"{name}.pdf")
    if form == "jws":
        return _file(receipt_of(facts).jws.encode(), "application/jose", f"{name}.jws")
    if form == "jsonld":
        return _file(receipt_of(facts, Form.LINKED).jws.encode(), "application/jose", f"{name}-jsonld.jws")
    raise Http404


def _records(visit: Visit) -> QuerySet[ConsentRecord]:
    """With the terms of each: many share the same."""
    return selectors.history(Subject.objects.get(pk=visit.subject_id)).prefetch_related("terms")


def _facts(request: HttpRequest, visit: Visit, record_id: UUID) -> Facts:
    """Of the visitor's own record only."""
    record: ConsentRecord = get_object_or_404(_records(visit), pk=record_id)
    return facts_of(record, host=_host(request))


def _host(request: HttpRequest) -> str:
    return urlsplit(f"//{request.get_host()}").hostname or ""


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
