"""The page on which an officer decides what stops: for each purpose of an objection, restriction or withdrawal."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from requests import services
from requests.admin.case_page import case_context
from requests.admin.narrowing_form import (
    NOTE,
    PurposesForm,
    ScopeForm,
    scope_forms,
    scope_forms_anew,
    shows_all_of,
    typed_about_others,
)
from requests.admin.not_done import not_done, sent_before
from requests.admin.viewing import note_view
from requests.enums import RequestState
from requests.errors import CaseError, ChangeInvalid, ScopesChanged
from requests.models import SubjectRequest
from requests.selectors import next_step
from requests.services.restricting import KINDS
from requests.services.sending_once import send_once

View = Callable[..., HttpResponse]


def narrowing_views(site: Any) -> dict[str, View]:
    """Views by the code of their address. Args: site: the admin of cases, which finds cases and makes pages."""
    return {"decide_purposes": partial(_decide_view, site)}


def _decide_view(site: Any, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = site._case(request, pk)
    step = next_step(case, request.user)  # type: ignore[arg-type]
    if case.state != RequestState.DECIDING or case.kind not in KINDS:
        return not_done(site, request, case, gettext("There is nothing to decide in this case now."))
    if step is not None and step.blocked_reason:
        return not_done(site, request, case, step.blocked_reason)
    note_view(case=case, officer=request.user)  # type: ignore[arg-type]
    if request.method != "POST":
        return _page(site, request, case, scope_forms(case))
    if NOTE in request.POST:
        return _noted(site, request, case)
    if not shows_all_of(case, request.POST):
        return _changed_page(site, request, case, ScopesChanged())
    listed, chosen = scope_forms(case, request.POST), PurposesForm(request.POST, case=case)
    stands = [each.is_valid() for each in listed]  # all of them, so that each says what it lacks
    if not (chosen.are_noted(case) and all(stands)):
        return _page(site, request, case, listed, chosen)
    return _submit(site, request, case, listed, chosen)


def _submit(
    site: Any, request: HttpRequest, case: SubjectRequest, listed: list[ScopeForm], chosen: PurposesForm
) -> HttpResponse:
    """Decides; what the service refuses stands above what was typed."""
    decisions = [each.decided for each in listed]
    decide = partial(services.decide_scopes, case=case, officer=request.user, decisions=decisions)  # type: ignore[arg-type]
    try:
        done = send_once(typed=request.POST, work=decide)
    except ScopesChanged as error:  # since this page was checked, a moment ago
        case.refresh_from_db()
        return _changed_page(site, request, case, error)
    except ChangeInvalid as error:
        _show(error, listed, request)
        return _page(site, request, case, listed, chosen)
    except CaseError as error:
        return not_done(site, request, case, error)
    if done.before:
        return sent_before(request, case)
    messages.success(request, gettext("Decided and carried out. The letter is on its way."))
    return _back(site, case)


def _noted(site: Any, request: HttpRequest, case: SubjectRequest) -> HttpResponse:
    """Notes which purposes the person means, and shows them with all that was typed about each."""
    chosen = PurposesForm(request.POST, case=case)
    if chosen.is_valid():
        codes = chosen.cleaned_data["codes"]
        try:
            case = services.note_purposes(case=case, officer=request.user, codes=codes)  # type: ignore[arg-type]
        except ChangeInvalid as error:
            chosen.add_error("codes", str(error))
        except CaseError as error:
            return not_done(site, request, case, error)
        else:
            messages.success(request, gettext("Noted. Decide on each of the purposes below."))
    return _page_anew(site, request, case, chosen)


def _page(
    site: Any, request: HttpRequest, case: SubjectRequest, listed: list[ScopeForm], chosen: PurposesForm | None = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    chosen = chosen or PurposesForm(case=case)
    context = case_context(case, request.user) | {  # type: ignore[arg-type]
        "scopes": listed, "purposes_form": chosen, "wrong_forms": [each for each in (*listed, chosen) if each.errors],
        "gone": typed_about_others(case, request.POST), **more,
    }  # fmt: skip
    template = "officer/requests/decide_purposes.html"
    page: HttpResponse = site._page(request, template, case, gettext("Decide what stops"), context)
    return page


def _changed_page(site: Any, request: HttpRequest, case: SubjectRequest, error: ScopesChanged) -> HttpResponse:
    return _page_anew(site, request, case, changed=str(error))


def _page_anew(
    site: Any, request: HttpRequest, case: SubjectRequest, chosen: PurposesForm | None = None, **more: Any
) -> HttpResponse:
    """What the case is about now, with all that was typed on the page that showed something else."""
    return _page(site, request, case, scope_forms_anew(case, request.POST), chosen, **more)


def _show(error: ChangeInvalid, listed: list[ScopeForm], request: HttpRequest) -> None:
    """Beside the purpose that it is about."""
    if error.number is None:
        messages.error(request, str(error))
    else:
        listed[error.number].add_error(None, str(error))


def _back(site: Any, case: SubjectRequest) -> HttpResponse:
    answer: HttpResponse = site._back(case)
    return answer
