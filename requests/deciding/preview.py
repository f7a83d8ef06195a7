"""The letter that a decision would lead to, before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from privacy.letters.kinds import kind_title
from privacy.letters.wording import LINK_PLACEHOLDER
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.addressees import is_reached_by_post
from requests.deciding.checking import check_lines
from requests.deciding.cut import Cut, rows_given
from requests.deciding.given import LineDecision, as_row
from requests.deciding.grounds import may_be_told
from requests.deciding.letters import granted, partly_granted, refused
from requests.enums import LEFT_OUT_WHOLE, WITHOUT_GROUND, RequestKind
from requests.fulfilment.portability.counting import rows_portable
from requests.letters import preview_case_letter
from requests.models import CategoryDecision, SubjectRequest
from requests.services.by_post import media_for
from requests.services.packaging import DOWNLOADS, KEPT_FOR
from requests.traits import Answer, traits_of


@dataclass(frozen=True)
class Preview:
    """A letter as it would be sent; the place of a secret link, and of what is not known yet, is marked in it."""

    title: str
    heading: str
    text: str
    goes_by_post: bool = False


def preview_decision(
    case: SubjectRequest, decisions: Sequence[LineDecision], *, officer: Officer, now: datetime
) -> Preview | None:
    """The letter in which the person would be told; None when no letter says the decision itself.

    Args:
        case: as it was read; it is not changed for anybody else, and must not be saved.

    Raises:
        DecisionInvalid: with what is wrong in which line.
    """
    found = check_lines(case, decisions, today=local_date(now))
    lines = [as_row(case, line, found[line.key], officer=officer, now=now) for line in decisions]
    case.decided_at = now
    kind, context = _letter(case, lines, now)
    if not kind:
        return None
    composed = preview_case_letter(kind=kind, case=case, **context)
    text = composed.text.replace(LINK_PLACEHOLDER, _("(a link, which is made when the letter is sent)"))
    return Preview(kind_title(f"case_{kind}"), composed.heading, text, goes_by_post=bool(context.get("by_post")))


def _letter(case: SubjectRequest, lines: Sequence[CategoryDecision], now: datetime) -> tuple[str, dict[str, Any]]:
    told = [line for line in lines if line.decision not in WITHOUT_GROUND and may_be_told(line.ground)]
    if told and all(line.decision in LEFT_OUT_WHOLE for line in lines):
        return "refused", refused(case, lines)
    is_package = traits_of(case.kind).answer is Answer.PACKAGE
    given = _package(case, now) if is_package else {"package": None}
    if told:
        return "partly_granted", partly_granted(case, lines) | given
    if is_package:
        kind = "portability_ready" if case.kind == RequestKind.PORTABILITY else "package_ready"
        kind = "package_by_post" if "by_post" in given else kind
        return kind, given | {"rows": _rows(case, lines)} | granted(case, lines)
    return "", {}


def _package(case: SubjectRequest, now: datetime) -> dict[str, Any]:
    """The package as it will be; by post on a data carrier, where an officer can still choose paper."""
    package = SimpleNamespace(
        expires_at=now + KEPT_FOR,
        downloads_left=DOWNLOADS,
        digest=_("(its SHA-256, which is known when the file is made)"),
        size_words=_("its size"),
    )
    by_post = {"by_post": media_for(case)[0].value} if is_reached_by_post(case) else {}
    return {"package": package, **by_post}


def _rows(case: SubjectRequest, lines: Sequence[CategoryDecision]) -> int:
    """What the letter says is in the file, by the plan: nothing is read for a preview."""
    cut, plan = Cut(tuple(lines)), case.plan or {}
    if case.kind == RequestKind.PORTABILITY:
        return rows_portable(cut, plan)
    return rows_given(cut, plan, kind=case.kind)
