"""The answers of somebody who fills in the form, one question a page. Kept sealed in the session until sent."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from privacy.portal.sealed_session import forget, keep, kept

QUESTIONS = ("kind", "name", "email", "details")
LEAST_TIME = timedelta(seconds=4)  # nobody reads five pages faster
_NAME = "request_answers"


class Answers:
    """What was answered so far. `details` may be empty; it counts as answered once its page was sent."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._stored = kept(request, _NAME)

    @property
    def values(self) -> dict[str, str]:
        return {question: self._stored[question] for question in QUESTIONS if question in self._stored}

    @property
    def first_open(self) -> str | None:
        """The first question without an answer; None when all are answered."""
        return next((question for question in QUESTIONS if question not in self._stored), None)

    @property
    def too_fast(self) -> bool:
        """Whether this went faster than people are."""
        return timezone.now() - datetime.fromisoformat(self._stored["begun_at"]) < LEAST_TIME

    def may_ask(self, question: str) -> bool:
        """Whether all questions before this one are answered."""
        return self.first_open is None or QUESTIONS.index(question) <= QUESTIONS.index(self.first_open)

    def answer(self, question: str, value: str) -> None:
        self._stored = {"begun_at": timezone.now().isoformat()} | self._stored | {question: value}
        keep(self._request, _NAME, self._stored)

    def forget(self) -> None:
        self._stored = {}
        forget(self._request, _NAME)
