"""The letters of a case: what each says, and which link it carries. The words are in `templates/letters/case_*`.

A letter to an address that is not confirmed yet repeats nothing that was typed with it: anybody can type anything next
to somebody else's address.
"""

from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from privacy.law.afterwards import recourse_ends_on
from privacy.law.catalogue import authority
from privacy.law.enums import Origin
from privacy.law.shapes import Rule, Span
from privacy.law.words import unit_word
from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.composing import Composed, compose, letter_language
from privacy.letters.kinds import letter_kind
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.letters.words import day_words
from privacy.register.selectors import local_date, overlay_for, profile
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


def preview_case_letter(*, kind: str, case: SubjectRequest, **context: Any) -> Composed:
    """What a letter to the person of a case would say; nothing is written.

    Raises:
        ValueError: a particular that the kind asks for is missing.
    """
    given = _of_case(case, context)
    return compose(
        letter_kind(f"case_{kind}"), particulars=given["context"], language=letter_language(case.language),
        law=given["law"],
    )  # fmt: skip


def composed_case_letter(*, kind: str, case: SubjectRequest, **context: Any) -> Letter:
    """The letter as `write_case_letter` would write it, for a preview: it is in no table, and has no link.

    Raises:
        ValueError: a particular that the kind needs is missing.
    """
    code = f"case_{kind}"
    given = _of_case(case, context)
    language = letter_language(given["language"])
    made = compose(letter_kind(code), particulars=given["context"], language=language, law=given["law"])
    return Letter(
        kind=code, reference=case.reference, language=language, name=case.name, heading=made.heading, body=made.text,
        address=identifier_of(case.subject, IdentifierKind.EMAIL) or "",
    )  # fmt: skip


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
    """Whom the person can ask for review, and how long, each once; once it is decided, also until which day.

    Where laws give one authority different times the longest is told: who comes in time by one of them comes in time.
    """
    answered_on = local_date(timezone.now()) if case.decided_at is not None else None
    found: dict[str, dict[str, Any]] = {}
    for kept, rule in zip(_of_law(case), rules_of(case.deadlines), strict=True):
        within = rule.recourse.within
        until = recourse_day(rule, answered_on, kept) if answered_on is not None else None
        for code in rule.recourse.authorities:
            body = authority(code)
            told = {
                "name": gettext(body.name),
                "url": body.complaint_url or body.url,
                "within_words": _length(within),
                "until": until,
                "until_words": day_words(until) if until else "",
            }
            before = found.get(code)
            if before is None or (until and before["until"] and until > before["until"]):
                found[code] = told
    return list(found.values())


def recourse_day(rule: Rule, answered_on: date, kept: dict[str, Any]) -> date | None:
    """The last day on which the authority can be asked, by the calendar that the clock of the case went by.

    Of several calendars that were tried the latest day is told: a person who comes on it is in time by one of them.
    """
    names = kept.get("calendars") or [rule.period.calendar or profile().country]
    days = [recourse_ends_on(rule, answered_on, calendar=name, overlay=overlay_for(name)) for name in names]
    return max(filter(None, days), default=None)


def _of_law(case: SubjectRequest) -> list[dict[str, Any]]:
    return [kept for kept in case.deadlines if kept["origin"] == Origin.LAW]


def _length(within: Span | None) -> str:
    return f"{within.n} {gettext(unit_word(within.n, within.unit))}" if within else ""
