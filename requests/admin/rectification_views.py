"""The page on which the wanted changes of a rectification are decided, and what an officer notes beside it."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.datamap.asking import asked_sources
from requests import services
from requests.admin.case_page import case_context
from requests.admin.not_done import not_done, sent_before
from requests.admin.rectification_form import NOTE, ChangeForm, NoteChangeForm
from requests.admin.viewing import note_view
from requests.case_files.selectors import files_card
from requests.enums import RequestKind, RequestState
from requests.errors import CaseError, ChangeInvalid, PageSentBefore, PlanChanged, PlanMissing, SourceAway
from requests.models import RecipientNotice, SubjectRequest
from requests.selectors import next_step
from requests.services.correcting import undecided_changes, values_to_correct
from requests.services.sending_once import send_once
from requests.services.telling_recipients import note_told

View = Callable[..., HttpResponse]


def rectification_views(site: Any) -> dict[str, View]:
    """Views by the code of their address. Args: site: the admin of cases, which finds cases and makes pages."""
    return {
        "decide_corrections": partial(_decide_view, site),
        "note_told": require_POST(partial(_told_view, site)),
    }


def _decide_view(site: Any, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Each wanted change beside what the sources say now, and beside the documents that are to show who is right."""
    case = site._case(request, pk)
    step = next_step(case, request.user)  # type: ignore[arg-type]
    if case.state != RequestState.DECIDING or case.kind != RequestKind.RECTIFICATION:
        return not_done(site, request, case, _("There is nothing to decide in this case now."))
    if step is not None and step.blocked_reason:
        return not_done(site, request, case, step.blocked_reason)
    note_view(case=case, officer=request.user)  # type: ignore[arg-type]
    try:
        if NOTE in request.POST:
            return _noted(site, request, case)
        forms = _forms(case, given=request.POST if request.method == "POST" else None)
    except (PlanMissing, SourceAway) as error:
        return not_done(site, request, case, error)
    if request.method != "POST":
        return _page(site, request, case, forms, NoteChangeForm())
    note = NoteChangeForm(request.POST)
    nothing_waits = note.is_left_empty()
    stands = [each.is_valid() for each in forms]  # all of them, so that each says what it lacks
    if nothing_waits and all(stands):
        return _submit(site, request, case, forms)
    return _page(site, request, case, forms, NoteChangeForm() if nothing_waits else note)


def _submit(site: Any, request: HttpRequest, case: SubjectRequest, forms: list[ChangeForm]) -> HttpResponse:
    """Decides; what the service refuses stands beside what was typed."""
    decide = partial(
        services.decide_corrections,
        case=case,
        officer=request.user,  # type: ignore[arg-type]
        plan_hash=request.POST.get("plan_hash", ""),
        decisions=[each.decided for each in forms],
    )
    try:
        done = send_once(typed=request.POST, work=decide)
    except ChangeInvalid as error:
        _show(error, forms, request)
        return _page(site, request, case, forms, NoteChangeForm())
    except PlanChanged as error:
        case.refresh_from_db()
        messages.error(request, str(error))
        return _page(site, request, case, _forms(case, typed=request.POST), NoteChangeForm())
    except CaseError as error:
        return not_done(site, request, case, error)
    if done.before:
        return sent_before(request, case)
    messages.success(request, _("Decided. What is granted is being carried out."))
    return _back(site, case)


def _noted(site: Any, request: HttpRequest, case: SubjectRequest) -> HttpResponse:
    """Notes a change, and shows it with all that was typed about the others."""
    note = NoteChangeForm(request.POST)
    if note.is_valid():
        add = partial(services.add_change, case=case, officer=request.user, **note.cleaned_data)  # type: ignore[arg-type]
        try:
            case = send_once(typed=request.POST, work=add).case
        except (ChangeInvalid, PageSentBefore) as error:
            note.add_error(None, str(error))
        except CaseError as error:
            return not_done(site, request, case, error)
        else:
            messages.success(request, _("Noted. Decide on it below."))
            note = NoteChangeForm()
    return _page(site, request, case, _forms(case, typed=request.POST), note)


def _forms(
    case: SubjectRequest, *, given: QueryDict | None = None, typed: QueryDict | None = None
) -> list[ChangeForm]:  # fmt: skip
    common: dict[str, Any] = {
        "values": values_to_correct(case), "by_hand_in": asked_sources(), "grounds": services.refusal_grounds(case),
    }  # fmt: skip
    return [ChangeForm(given, change=change, typed=typed, **common) for change in undecided_changes(case)]


def _show(error: ChangeInvalid, forms: list[ChangeForm], request: HttpRequest) -> None:
    """Beside the change that it is about."""
    about = [each for each in forms if each.change.number == error.number]
    for each in about:
        each.add_error(None, str(error))
    if not about:
        messages.error(request, str(error))


def _page(
    site: Any, request: HttpRequest, case: SubjectRequest, forms: list[ChangeForm], note: NoteChangeForm
) -> HttpResponse:
    context = case_context(case, request.user) | {  # type: ignore[arg-type]
        "changes": forms, "files": files_card(case, request.user),  # type: ignore[arg-type]
        "note_form": note, "wrong_forms": [each for each in (*forms, note) if each.errors],
    }  # fmt: skip
    page: HttpResponse = site._page(
        request, "officer/requests/decide_corrections.html", case, _("Decide the changes"), context
    )
    return page


def _told_view(site: Any, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = site._case(request, pk)
    try:
        notice = RecipientNotice.objects.filter(case=case, pk=uuid.UUID(request.POST.get("notice", ""))).first()
    except ValueError:
        notice = None
    if notice is None:
        raise Http404
    act = partial(note_told, notice=notice, officer=request.user, how=request.POST.get("how", ""))  # type: ignore[arg-type]
    answer: HttpResponse = site._perform(request, case, act, _("Written down."))
    return answer


def _back(site: Any, case: SubjectRequest) -> HttpResponse:
    answer: HttpResponse = site._back(case)
    return answer
