"""The letters of a case: what each says, and which link it carries. The words are in `templates/letters/case_*`.

A letter to an address that is not confirmed yet repeats nothing that was typed with it: anybody can type anything next
to somebody else's address.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from privacy.law.catalogue import authority
from privacy.law.enums import Origin
from privacy.law.shapes import Span
from privacy.law.words import unit_word
from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.composing import letter_language
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
    *,
    kind: str,
    case: SubjectRequest,
    actor: Actor,
    link: LinkPurpose | None = None,
    draft: bool = False,
    **context: Any,
) -> Letter | None:
    """Put a letter to the person of a case into the outbox, or leave it as a draft for an officer.

    Args:
        kind: code of a kind of `requests.letter_kinds`, without `case_`; what it says of particulars is `context`.
        link: purpose of the secret link that the text asks for by {link}.
        draft: an officer looks at it, edits it, and sends it; the link is made then.
        context: further particulars that the kind asks for.

    Returns:
        None when no address of the person is left.
    """
    address = identifier_of(case.subject, IdentifierKind.EMAIL)
    if address is None:
        return None
    return write_letter(
        kind=f"case_{kind}",
        subject=case.subject,
        address=address,
        name=case.name,
        actor=actor,
        link=new_address(purpose=link, case=case) if link and not draft else None,
        link_purpose=link or "",
        draft=draft,
        **_of_case(case, context),
    )


def write_recipient_notice(
    *,
    case: SubjectRequest,
    name: str,
    address: str,
    actor: Actor,
    language: str = "en",
    draft: bool = False,
    **context: Any,
) -> Letter:
    """Tell somebody to whom data was disclosed what became of it (GDPR art. 19; BC PIPA s. 24(2); Act 843 s. 33(4)).

    Args:
        name, address: of the recipient.
        language: in which the recipient is written to.
        context: particulars of the kind `case_recipient_notice`.
    """  # fmt: skip
    given = _of_case(case, context) | {"language": language}
    return write_letter(
        kind="case_recipient_notice",
        subject=case.subject,
        address=address,
        name=name,
        actor=actor,
        draft=draft,
        **given,
    )


def new_link_for(letter: Letter) -> str | None:
    """The link of a letter of a case, made when the letter is sent; registered with `privacy.letters.links`.

    None when the letter is of no case, or its case can have no such link any more.
    """
    case = SubjectRequest.objects.filter(pk=letter.case_id).first() if letter.case_id else None
    if case is None or letter.link_purpose not in LinkPurpose.values:
        return None
    return new_address(purpose=LinkPurpose(letter.link_purpose), case=case)


def _of_case(case: SubjectRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What every letter of a case is written with."""
    with translation.override(letter_language(case.language)):
        common = _common(case)
    return {
        "case_id": case.pk,
        "reference": case.reference,
        "language": case.language,
        "law": next((each["law"] for each in case.deadlines if each["origin"] == Origin.LAW), ""),
        "context": common | context,
    }


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
            found.setdefault(
                code, {"name": gettext(body.name), "url": address, "within_words": _length(rule.recourse.within)}
            )
    return list(found.values())


def _length(within: Span | None) -> str:
    return f"{within.n} {gettext(unit_word(within.n, within.unit))}" if within else ""
