"""The page on which an officer answers in words, beside the letter as it will be."""

import uuid
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.letters.admin.letter_views import pdf_response
from privacy.letters.admin.previews import as_mail_text, as_paper
from privacy.letters.kinds import letter_kind
from privacy.letters.models import Letter
from requests.admin.answer_form import AnswerForm
from requests.admin.case_page import case_context
from requests.admin.not_done import not_done, sent_before
from requests.admin.viewing import note_view
from requests.enums import RequestState
from requests.errors import AnswerInvalid, CaseError
from requests.models import SubjectRequest
from requests.services.answering import answer_case, decision_asked_about, preview_answer
from requests.services.moves import check_may_handle
from requests.services.sending_once import send_once
from requests.traits import Answer, traits_of


class AnswerViews:
    """Mixed into the views of cases."""

    _case: Callable[..., SubjectRequest]
    _page: Callable[..., HttpResponse]
    _back: Callable[..., HttpResponse]

    def answer_views(self) -> dict[str, Callable[..., HttpResponse]]:
        """The views by their codes."""
        return {
            "answer": self.answer_view,
            "answer_preview": require_POST(self.answer_preview_view),
            "answer_paper": require_POST(self.answer_paper_view),
        }

    def answer_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Write the answer; its POST answers, and closes the case."""
        case = self._case(request, pk)
        if (refused := self._not_now(request, case)) is not None:
            return refused
        note_view(case=case, officer=request.user)  # type: ignore[arg-type]
        form = AnswerForm(case, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                answer = partial(answer_case, case=case, officer=request.user, given=form.given())  # type: ignore[arg-type]
                done = send_once(typed=request.POST, work=answer)
            except AnswerInvalid as error:
                form.add_error(None, str(error))
            except CaseError as error:
                return not_done(self, request, case, error)
            else:
                if done.before:
                    return sent_before(request, case)
                messages.success(request, _("Answered. The letter is on its way, and the case is closed."))
                return self._back(case)
        context = case_context(case, request.user) | {"form": form, "decision": decision_asked_about(case)}  # type: ignore[arg-type]
        return self._page(request, "officer/requests/answer.html", case, _("Answer"), context)

    def answer_preview_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The mail as it would be, or what is missing; asked for again and again while somebody types."""
        case = self._case(request, pk)
        found = self._previewed(request, case)
        if isinstance(found, str):
            return TemplateResponse(request, "officer/letters/preview.html", {"problems": [found]})
        shown = as_mail_text(found, letter_kind(found.kind))
        return TemplateResponse(request, "officer/letters/preview.html", {"heading": found.heading, "shown": shown})

    def answer_paper_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The letter as its PDF will be."""
        case = self._case(request, pk)
        found = self._previewed(request, case)
        if isinstance(found, str):
            return not_done(self, request, case, found)
        return pdf_response(as_paper(found), "answer.pdf")

    def _previewed(self, request: HttpRequest, case: SubjectRequest) -> Letter | str:
        """The letter that the answer typed so far becomes, or what is missing."""
        if traits_of(case.kind).answer is not Answer.WORDS or case.state != RequestState.DECIDING:
            return _("There is nothing to answer in this case now.")
        form = AnswerForm(case, request.POST)
        form.is_valid()
        try:
            check_may_handle(request.user, case)  # type: ignore[arg-type]
            return preview_answer(case=case, given=form.given(for_preview=True))
        except CaseError as error:
            return str(error)

    def _not_now(self, request: HttpRequest, case: SubjectRequest) -> HttpResponse | None:
        """Why there is nothing for this officer to answer, with what they wrote."""
        if traits_of(case.kind).answer is not Answer.WORDS or case.state != RequestState.DECIDING:
            return not_done(self, request, case, _("There is nothing to answer in this case now."))
        try:
            check_may_handle(request.user, case)  # type: ignore[arg-type]
        except CaseError as error:
            return not_done(self, request, case, error)
        return None
