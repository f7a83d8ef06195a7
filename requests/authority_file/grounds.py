"""The grounds on which a case was refused, wholly or in part, and which of them the person must not be told.

Each place where a ground can stand has a function of its own in GROUNDS; a further place is one more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from privacy.law.catalogue import ground
from privacy.law.display import ground_cited
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
                    "section": ground_cited(known),
                    "words": _(known.words),
                    "reasons": each.reasons,
                    "secret": not known.disclosable,
                }
            )
    return found


def _of_its_parts(case: SubjectRequest) -> Iterator[Ground]:
    """Of each kind of data that was refused or given in part, as long as the decision counts."""
    if case.decided_at is None:
        return
    for line in case.decisions.exclude(ground="").order_by("id"):
        kind = str(line.get_category_display()) if line.category else ""
        reasons = "\n".join(filter(None, (line.reasons, line.severed)))
        yield Ground(line.ground, ", ".join(filter(None, (kind, line.where))), reasons or None)


def _of_the_case(case: SubjectRequest) -> Iterator[Ground]:
    """Of a case that was refused as a whole; one that was decided by its parts has said so there."""
    if case.refusal_ground and not case.decisions.exists():
        yield Ground(case.refusal_ground, "", case.refusal_text)


GROUNDS: tuple[Callable[[SubjectRequest], Iterator[Ground]], ...] = (_of_its_parts, _of_the_case)
