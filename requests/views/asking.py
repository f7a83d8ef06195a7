"""Making a request: one question a page, then the answers to check, then the button that sends."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from privacy.portal.errors import too_many_attempts
from privacy.portal.floods import within_limit
from privacy.portal.forms import PortalForm
from privacy.portal.machines import machine_of
from privacy.portal.sealed_session import alone_in_session, keep, kept
from requests.answers import QUESTIONS, Answers
from requests.errors import RequestInvalid
from requests.forms import QUESTION_FORMS, SendForm
from requests.public_words import KINDS
from requests.services import submit_request

_SENT = "request_sent"
FROM_ONE_MACHINE, IN_AN_HOUR = 20, timedelta(hours=1)
FOR_ONE_ADDRESS, IN_A_DAY = 8, timedelta(days=1)


def _next_page(answers: Answers) -> HttpResponseRedirect:
    return redirect(f"requests:{answers.first_open or 'check'}")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class QuestionView(View):
    """One question. Later questions cannot be opened before the earlier ones are answered."""

    question = "kind"

    def get(self, request: HttpRequest) -> HttpResponse:
        answers = Answers(request)
        if not answers.may_ask(self.question):
            return _next_page(answers)
        initial = {"kind": request.GET.get("kind")} | answers.values
        return self._page(request, answers, QUESTION_FORMS[self.question](initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        answers = Answers(request)
        if not answers.may_ask(self.question):
            return _next_page(answers)
        form = QUESTION_FORMS[self.question](request.POST)
        if not form.is_valid():
            return self._page(request, answers, form)
        answers.answer(self.question, form.cleaned_data[self.question])
        return _next_page(answers)

    def _page(self, request: HttpRequest, answers: Answers, form: PortalForm) -> HttpResponse:
        context = {"form": form, "field": form[self.question], "back": self._back(answers), "kinds": KINDS}
        template = "requests/kind.html" if self.question == "kind" else "requests/question.html"
        return render(request, template, context)

    def _back(self, answers: Answers) -> str:
        if answers.first_open is None:
            return reverse("requests:check")
        place = QUESTIONS.index(self.question)
        return reverse(f"requests:{QUESTIONS[place - 1]}" if place else "requests:home")


class CheckView(View):
    """Everything that was answered, with a way to change it, and the button that sends."""

    def get(self, request: HttpRequest) -> HttpResponse:
        answers = Answers(request)
        return self._page(request, answers, SendForm()) if answers.first_open is None else _next_page(answers)

    def post(self, request: HttpRequest) -> HttpResponse:
        with alone_in_session(request):  # a double click makes one request
            return self._take(request)

    def _take(self, request: HttpRequest) -> HttpResponse:
        answers = Answers(request)
        if answers.first_open is not None:
            return redirect("requests:sent") if kept(request, _SENT) else _next_page(answers)
        form = SendForm(request.POST, too_fast=answers.too_fast)
        if not form.is_valid():
            return self._page(request, answers, form)
        if not _within_limits(request, answers.values["email"]):
            return too_many_attempts(request)
        return self._send(request, answers, form)

    def _send(self, request: HttpRequest, answers: Answers, form: SendForm) -> HttpResponse:
        values = answers.values
        try:
            case = submit_request(
                kind=values["kind"],
                email=values["email"],
                name=values["name"],
                details=values["details"],
                language=get_language() or "en",
            )
        except RequestInvalid as error:
            form.add_error(None, str(error))
            return self._page(request, answers, form)
        answers.forget()
        keep(request, _SENT, {"reference": case.reference, "email": values["email"]})
        return redirect("requests:sent")

    def _page(self, request: HttpRequest, answers: Answers, form: SendForm) -> HttpResponse:
        values = answers.values
        context: dict[str, Any] = {"form": form, "answers": values, "kind": KINDS[values["kind"]][0]}
        return render(request, "requests/check.html", context)


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """The same page whether or not the address is known. It can be loaded again for an hour."""
    facts = kept(request, _SENT)
    return render(request, "requests/sent.html", facts) if facts else redirect("requests:home")


def _within_limits(request: HttpRequest, email: str) -> bool:
    """Both are counted each time, so that one does not tell about the other."""
    of_machine = within_limit(
        what="requests.submit.machine", who=machine_of(request), limit=FROM_ONE_MACHINE, period=IN_AN_HOUR
    )
    of_address = within_limit(what="requests.submit.email", who=email, limit=FOR_ONE_ADDRESS, period=IN_A_DAY)
    return of_machine and of_address
