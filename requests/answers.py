"""The answers of somebody who fills in the form, one question a page. Kept sealed in the session until sent."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from privacy.portal.sealed_session import forget, keep, kept
from requests.questions import questions_after

LEAST_TIME = timedelta(seconds=4)  # nobody reads so many pages faster
_NAME = "request_answers"


class Answers:
    """What was answered so far, by question and field. An optional question counts as answered once its page was sent.

    Somebody who changes the first answer keeps the others: those that the other kind does not ask for wait unused.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._stored = kept(request, _NAME)
        self._given: dict[str, dict[str, Any]] = self._stored.get("given", {})

    @property
    def questions(self) -> tuple[str, ...]:
        """Every question that is asked, given the answers so far."""
        return questions_after({field: answer for each in self._given.values() for field, answer in each.items()})

    @property
    def said(self) -> dict[str, Any]:
        """The answers by field, of the questions that are asked."""
        return {field: answer for code in self.questions for field, answer in self._given.get(code, {}).items()}

    @property
    def first_open(self) -> str | None:
        """The first question without an answer; None when all are answered."""
        return next((code for code in self.questions if code not in self._given), None)

    @property
    def too_fast(self) -> bool:
        """Whether this went faster than people are."""
        return timezone.now() - datetime.fromisoformat(self._stored["begun_at"]) < LEAST_TIME

    def may_ask(self, question: str) -> bool:
        """Whether the question is asked at all, and all questions before it are answered."""
        order = self.questions
        if question not in order:
            return False
        return self.first_open is None or order.index(question) <= order.index(self.first_open)

    def before(self, question: str) -> str | None:
        """The question before this one; None before the first."""
        place = self.questions.index(question)
        return self.questions[place - 1] if place else None

    def answer(self, question: str, given: dict[str, Any]) -> None:
        self._given = self._given | {question: given}
        self._stored = {"begun_at": timezone.now().isoformat()} | self._stored | {"given": self._given}
        keep(self._request, _NAME, self._stored)

    def forget(self) -> None:
        self._stored, self._given = {}, {}
        forget(self._request, _NAME)
