"""Making a request: one question a page, then the answers to check, then the button that sends."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from privacy.portal.errors import too_many_attempts
from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of
from privacy.portal.sealed_session import alone_in_session, keep, kept
from requests.answers import Answers
from requests.asked import as_submitted, mailed_to
from requests.errors import RequestInvalid
from requests.forms import SendForm
from requests.offers import offered_groups
from requests.places import is_covered, laws_in_words, place_name
from requests.purposes import kept_by_law
from requests.question_forms import QUESTION_FORMS
from requests.question_forms.shape import QuestionForm
from requests.questions import FIRST
from requests.services import submit_request
from requests.views.languages import language_choices, preferred_language

_SENT = "request_sent"
FROM_ONE_MACHINE, IN_AN_HOUR = 20, timedelta(hours=1)
FOR_ONE_ADDRESS, IN_A_DAY = 8, timedelta(days=1)


def next_page(answers: Answers) -> HttpResponseRedirect:
    """The first question that is open, or the page on which all answers are checked."""
    return redirect(_place_of(answers.first_open))


def _place_of(question: str | None) -> str:
    if question is None:
        return reverse("requests:check")
    return reverse("requests:kind") if question == FIRST else reverse("requests:question", args=[question])


@method_decorator(sensitive_post_parameters(), name="dispatch")
class QuestionView(View):
    """One question. Later questions cannot be opened before the earlier ones are answered."""

    def get(self, request: HttpRequest, question: str = FIRST) -> HttpResponse:
        answers, form_class = Answers(request), _form_class(question)
        if not answers.may_ask(question):
            return next_page(answers)
        initial = answers.said | ({"kind": request.GET["kind"]} if "kind" in request.GET else {})
        return self._page(request, question, answers, form_class(initial=initial, said=answers.said))

    def post(self, request: HttpRequest, question: str = FIRST) -> HttpResponse:
        answers, form_class = Answers(request), _form_class(question)
        if not answers.may_ask(question):
            return self._out_of_turn(request, question, answers)
        if drawn_again := form_class.drawn_again(request.POST, answers.said):
            return self._page(request, question, answers, drawn_again)
        form = form_class(request.POST, said=answers.said)
        if not form.is_valid():
            return self._page(request, question, answers, form)
        answers.answer(question, form.given())
        return next_page(answers)

    def _out_of_turn(self, request: HttpRequest, question: str, answers: Answers) -> HttpResponse:
        """The answers before this one are gone, as a rule because an hour has passed; what was written now stays."""
        form = _form_class(question)(request.POST, said=answers.said)
        if not form.holds_words:
            return next_page(answers)
        if not form.is_valid():
            return self._page(request, question, answers, form)
        answers.answer(question, form.given())
        messages.info(
            request,
            _(
                "We keep answers for an hour, so those you gave before have been forgotten. What you have just sent is "
                "kept. Please answer the other questions again."
            ),
        )
        return next_page(answers)

    def _page(self, request: HttpRequest, question: str, answers: Answers, form: QuestionForm) -> HttpResponse:
        context = {"form": form, "back": _way_back(question, answers), "said": answers.said} | _SHOWN.get(
            question, dict
        )()
        return render(request, form.template, context)


def _way_back(question: str, answers: Answers) -> str:
    if answers.first_open is None:
        return reverse("requests:check")
    before = answers.before(question) if answers.may_ask(question) else answers.first_open
    return _place_of(before) if before else reverse("requests:home")


def _form_class(question: str) -> type[QuestionForm]:
    try:
        return QUESTION_FORMS[question]
    except KeyError:
        raise Http404 from None


_SHOWN: Mapping[str, Any] = {
    "kind": lambda: {"groups": offered_groups()},
    "residence": lambda: {"laws": laws_in_words()},
    "irreversible": lambda: {"kept": kept_by_law()},
}
"""What the page of a question shows besides its form."""


class CheckView(View):
    """Everything that was answered, with a way to change it, and the button that sends."""

    def get(self, request: HttpRequest) -> HttpResponse:
        answers = Answers(request)
        return self._page(request, answers, _send_form(request)) if answers.first_open is None else next_page(answers)

    def post(self, request: HttpRequest) -> HttpResponse:
        with alone_in_session(request):  # a double click makes one request
            return self._take(request)

    def _take(self, request: HttpRequest) -> HttpResponse:
        answers = Answers(request)
        if answers.first_open is not None:
            return redirect("requests:sent") if kept(request, _SENT) else self._forgotten(request, answers)
        form = _send_form(request, request.POST, too_fast=answers.too_fast)
        if not form.is_valid():
            return self._page(request, answers, form)
        if not _within_limits(request, mailed_to(answers.said)):
            return too_many_attempts(request)
        return self._send(request, answers, form)

    def _forgotten(self, request: HttpRequest, answers: Answers) -> HttpResponse:
        words = _(
            "We keep answers for an hour, so yours have been forgotten, and nothing was sent. Please answer again."
        )
        messages.info(request, words)
        return next_page(answers)

    def _send(self, request: HttpRequest, answers: Answers, form: SendForm) -> HttpResponse:
        said = answers.said
        try:
            case = submit_request(**as_submitted(said), language=form.cleaned_data["language"])
        except RequestInvalid as error:
            form.add_error(None, str(error))
            return self._page(request, answers, form)
        answers.forget()
        sent_now = {"reference": case.reference, "email": mailed_to(said), "due_on": case.due_on.isoformat()}
        keep(request, _SENT, sent_now)
        return redirect("requests:sent")

    def _page(self, request: HttpRequest, answers: Answers, form: SendForm) -> HttpResponse:
        said = answers.said
        context: dict[str, Any] = {
            "form": form,
            "rows": list(_rows(answers)),
            "back": _place_of(answers.questions[-1]),
            "said": said,
            "elsewhere": None if is_covered(said.get("residence", "")) else place_name(said["residence"]),
            "laws": laws_in_words(),
        }
        return render(request, "requests/check.html", context)


def _send_form(request: HttpRequest, *args: Any, **more: Any) -> SendForm:
    return SendForm(*args, preferred=preferred_language(request), languages=language_choices(), **more)


def _rows(answers: Answers) -> Any:
    for code in answers.questions:
        form = QUESTION_FORMS[code]
        if form.short:
            yield {
                "short": form.short, "told": form.told(answers.said), "change": form.change, "place": _place_of(code),
            }  # fmt: skip


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """The same page whether or not the address is known. It can be loaded again for an hour."""
    facts = kept(request, _SENT)
    if not facts:
        return redirect("requests:home")
    return render(request, "requests/sent.html", facts | {"due_on": date.fromisoformat(facts["due_on"])})


def _within_limits(request: HttpRequest, email: str) -> bool:
    """Both are counted each time, so that one does not tell about the other."""
    of_machine = within_limit(
        what="requests.submit.machine", who=machine_of(request), limit=FROM_ONE_MACHINE, period=IN_AN_HOUR
    )
    of_address = within_limit(what="requests.submit.email", who=email, limit=FOR_ONE_ADDRESS, period=IN_A_DAY)
    return of_machine and of_address
