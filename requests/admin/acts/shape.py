"""What an act is: the words of the page that asks for confirmation, and the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

from privacy.officers.models import Officer
from requests.enums import RequestKind
from requests.enums import RequestState as S
from requests.models import SubjectRequest


@dataclass(frozen=True)
class Act:
    """One act. `at`, `kinds` and `offered` say when it is offered; `done` is said afterwards.

    An act that needs nothing but a yes has `perform`. One that asks for more has `form`, made with the case and what
    was sent (None at first), and `submit`, which gets the answers. `letter` is the kind of the letter, without `case_`,
    that it writes to the person: the officer can look at it before it goes.
    """

    code: str
    title: str | Promise
    explanation: tuple[str | Promise, ...]
    button: str | Promise
    done: str | Promise
    at: frozenset[S]
    perform: Callable[[SubjectRequest, Officer], object] | None = None
    form: Callable[[SubjectRequest, Any], forms.Form] | None = None
    submit: Callable[[SubjectRequest, Officer, dict[str, Any]], object] | None = None
    offered: Callable[[SubjectRequest], bool] | None = None
    letter: str = ""
    is_dangerous: bool = False
    kinds: frozenset[RequestKind] = frozenset(RequestKind)

    def fits(self, case: SubjectRequest) -> bool:
        """Whether it can be done with the case as it stands."""
        fits = case.state in self.at and case.kind in self.kinds
        return fits and (self.offered is None or self.offered(case))

    @property
    def path(self) -> str:
        return self.code.replace("_", "-")

    @property
    def url_name(self) -> str:
        return f"requests_subjectrequest_{self.code}"
