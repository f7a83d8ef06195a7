"""What an act is: the words of the page that asks for confirmation, and the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from privacy.officers.models import Officer
from requests.enums import RequestKind
from requests.enums import RequestState as S
from requests.models import SubjectRequest


@dataclass(frozen=True)
class Act:
    """One act. `at` and `kinds` say when it is offered; `done` is said afterwards."""

    code: str
    title: str | Promise
    explanation: tuple[str | Promise, ...]
    button: str | Promise
    done: str | Promise
    at: frozenset[S]
    perform: Callable[[SubjectRequest, Officer], object]
    is_dangerous: bool = False
    kinds: frozenset[RequestKind] = frozenset(RequestKind)

    def fits(self, case: SubjectRequest) -> bool:
        """Whether it can be done with the case as it stands."""
        return case.state in self.at and case.kind in self.kinds

    @property
    def path(self) -> str:
        return self.code.replace("_", "-")

    @property
    def url_name(self) -> str:
        return f"requests_subjectrequest_{self.code}"
