"""The grounds on which a case was refused, wholly or in part, and which of them the person must not be told.

Each place where a ground can stand has a function of its own in GROUNDS; a further place is one more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from privacy.law.catalogue import ground
from requests.models import SubjectRequest


@dataclass(frozen=True)
class Ground:
    """A ground by its code. `about`: which part of the case it is about; empty for all of it."""

    code: str
    about: str
    reasons: str | None


def grounds_of(case: SubjectRequest, *, with_secret: bool) -> list[dict[str, Any]]:
    """The grounds in words; those that must stay secret are marked, or left out with what was written about them."""
    found = []
    for each in (one for place in GROUNDS for one in place(case)):
        known = ground(each.code)
        if known.disclosable or with_secret:
            found.append(
                {
                    "about": each.about,
                    "section": f"{known.law} {known.section}" if known.law else known.section,
                    "words": _(known.words),
                    "reasons": each.reasons,
                    "secret": not known.disclosable,
                }
            )
    return found


def _of_the_case(case: SubjectRequest) -> Iterator[Ground]:
    if case.refusal_ground:
        yield Ground(case.refusal_ground, "", case.refusal_text)


GROUNDS: tuple[Callable[[SubjectRequest], Iterator[Ground]], ...] = (_of_the_case,)
