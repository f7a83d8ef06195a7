"""The letters of a case: what each says, and which link it carries. The words are in `templates/letters/case_*`.

A letter to an address that is not confirmed yet repeats nothing that was typed with it: anybody can type anything next
to somebody else's address.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from privacy.law.catalogue import authority
from privacy.law.shapes import Span
from privacy.law.words import unit_word
from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.register.selectors import profile
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import LinkPurpose
from privacy.subjects.services import identifier_of
from requests.addresses import new_address
from requests.clocks import rules_of
from requests.models import SubjectRequest


def write_case_letter(
    *, kind: str, case: SubjectRequest, actor: Actor, link: LinkPurpose | None = None, **context: Any
) -> Letter | None:
    """Put a letter to the person of a case into the outbox.

    Args:
        kind: the part of the template's name after `case_`.
        link: purpose of the secret link that the text asks for by [[link]].
        context: further particulars that the text shows.

    Returns:
        None when no address of the person is left.
    """
    address = identifier_of(case.subject, IdentifierKind.EMAIL)
    if address is None:
        return None
    with translation.override(case.language):
        common = _common(case)
    return write_letter(
        kind=f"case_{kind}",
        subject=case.subject,
        address=address,
        language=case.language,
        case_id=case.pk,
        actor=actor,
        link=new_address(purpose=link, case=case) if link else None,
        context=common | context,
    )


def _common(case: SubjectRequest) -> dict[str, Any]:
    return {
        "case": case,
        "organisation": profile(),
        "portal": portal_url(),
        "binding": case.deadlines[0],
        "due_on": case.due_on,
        "authorities": authorities_of(case),
    }


def authorities_of(case: SubjectRequest) -> list[dict[str, Any]]:
    """Whom the person can ask for review, and how long, each once."""
    found: dict[str, dict[str, Any]] = {}
    for rule in rules_of(case.deadlines):
        for code in rule.recourse.authorities:
            body = authority(code)
            address = body.complaint_url or body.url
            found.setdefault(code, {"name": body.name, "url": address, "within_words": _length(rule.recourse.within)})
    return list(found.values())


def _length(within: Span | None) -> str:
    return f"{within.n} {gettext(unit_word(within.n, within.unit))}" if within else ""
