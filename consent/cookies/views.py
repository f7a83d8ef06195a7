"""What the script on the organisation's own sites asks for, and what it sends."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from consent.cookies.cross_origin import is_listed, origin_of, preflight, problem, readable_by_caller
from consent.cookies.errors import CallReused, ChoiceInvalid
from consent.cookies.models import CookieChoice
from consent.cookies.reading import LARGEST_BODY, StatementInvalid, read_choice
from consent.cookies.receipts import WordsAltered, receipt
from consent.cookies.selectors import active_site, choices, published_banner
from consent.cookies.services import record_choice
from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of

CHOICES_AT_ONCE, PERIOD = 120, timedelta(minutes=10)
"""Of one machine; a whole office may be behind one."""
SIGNAL_SINCE = "2026-11-29"


@require_safe
def banner(request: HttpRequest) -> HttpResponse:
    """The published banner of a site, for pages of that site only."""
    site = active_site(request.GET.get("site", ""))
    cancelled = getattr(getattr(request, "tenant", None), "is_cancelled", False)
    if site is None or cancelled:
        return _never_kept(problem(404, _("No banner is in use under this code.")))
    if not is_listed(request, site):
        return _never_kept(problem(403, _("The address of this page is not listed for the banner.")))
    shown = published_banner(site)
    if shown is None:
        return readable_by_caller(request, _never_kept(problem(404, _("Nothing was published yet."))))
    content = {"version": shown.version, "digest": shown.digest, "content": shown.content}
    response = JsonResponse(content)
    response["Cache-Control"] = "public, max-age=60"
    return readable_by_caller(request, response)


@csrf_exempt  # no cookie of ours comes along, so there is nothing that a foreign page could misuse
@require_http_methods(["POST", "OPTIONS"])
def record(request: HttpRequest) -> HttpResponse:
    """Record a choice; the answer is its signed receipt."""
    if request.method == "OPTIONS":
        return preflight(request)
    if request.content_type != "application/json":
        return _never_kept(problem(415, _("Send application/json.")))
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return _never_kept(problem(413, _("Send %d bytes at most.") % LARGEST_BODY))
    if not within_limit(what="cookies.choice", who=machine_of(request), limit=CHOICES_AT_ONCE, period=PERIOD):
        return _never_kept(problem(429, _("Too many choices came from there. They can be sent again later.")))
    try:
        code, statement = read_choice(request.body)
    except StatementInvalid as error:
        return _never_kept(problem(400, _("Some fields need another value."), error.errors))
    site = active_site(code)
    if site is None or not is_listed(request, site):
        return _never_kept(problem(403, _("The address of this page is not listed for the banner.")))
    signal = statement.has_signal or request.headers.get("Sec-GPC") == "1"
    try:
        choice = record_choice(site=site, statement=replace(statement, has_signal=signal), origin=origin_of(request))
    except ChoiceInvalid as error:
        refused = problem(400, _("Some fields need another value."), {error.field: [error.message]})
        return readable_by_caller(request, _never_kept(refused))
    except CallReused as error:
        return readable_by_caller(request, _never_kept(problem(409, error.message)))
    return readable_by_caller(request, _receipt(request, choice, status=201))


@require_safe
def receipt_of(request: HttpRequest, proof: UUID) -> HttpResponse:
    """The receipt of a choice, for whoever knows its number: the visitor who made it was told it."""
    choice = choices().filter(pk=proof).first()
    if choice is None:
        return _never_kept(problem(404, _("There is no such proof.")))
    return _receipt(request, choice, status=200)


@require_safe
@cache_control(public=True, max_age=86400)
def global_privacy_control(request: HttpRequest) -> JsonResponse:
    """`/.well-known/gpc.json`: the signal is honoured here."""
    return JsonResponse({"gpc": True, "lastUpdate": SIGNAL_SINCE})


def _receipt(request: HttpRequest, choice: CookieChoice, *, status: int) -> HttpResponse:
    try:
        made = receipt(choice, host=urlsplit(f"//{request.get_host()}").hostname)
    except WordsAltered:
        words = _("The words of this choice are not what they were. Tell the Privacy Officer the number of the proof.")
        return _never_kept(problem(409, words))
    content = {
        "id": str(choice.pk),
        "recorded_at": choice.recorded_at.isoformat(),
        "receipt": made.fields,
        "jws": made.jws,
    }
    return _never_kept(JsonResponse(content, status=status))


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
