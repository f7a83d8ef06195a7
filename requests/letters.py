"""The letters of a case: what each says, and which link it carries. The words are in `templates/letters/case_*`.

A letter to an address that is not confirmed yet repeats nothing that was typed with it: anybody can type anything next
to somebody else's address.
"""

from typing import Any

from django.utils import timezone, translation

from privacy.law.enums import Origin
from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.composing import Composed, compose, letter_language
from privacy.letters.kinds import letter_kind
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.letters.standing_in import ACTED_FOR
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import LinkPurpose
from requests.addressees import Addressee, addressee_of
from requests.addresses import new_address
from requests.authorities import authorities_of
from requests.enums import Channel
from requests.models import SubjectRequest

NOT_BY_POST = frozenset({"confirm", "tracking", "package_ready", "portability_ready"})
"""Letters that are nothing but the way to a link: of an address to be confirmed, to the case, to the file itself. What
goes with a file by post is `package_by_post` (`requests.services.by_post`)."""


def write_case_letter(
    *,
    kind: str,
    case: SubjectRequest,
    actor: Actor,
    link: LinkPurpose | None = None,
    draft: bool = False,
    **context: Any,
) -> Letter | None:
    """Put a letter to the person of a case, or whoever acts for them, into the outbox, or leave it as a draft.

    Args:
        kind: code of a kind of `requests.letter_kinds`, without `case_`; what it says of particulars is `context`.
        link: purpose of the secret link that the text asks for by {link}.
        draft: an officer looks at it, edits it, and sends it; the link is made then.
        context: further particulars that the kind asks for.

    Returns:
        None when no address of the person is left, or who acts for them may not get this letter yet. Somebody whose
        case did not come by the portal, and of whom no e-mail address is known, gets a letter by post.
    """
    to = addressee_of(case, kind)
    if to is None or (to.email is None and (kind in NOT_BY_POST or case.channel == Channel.PORTAL)):
        return None
    given = _of_case(case, context, to=to)
    if to.email is None:
        return write_letter(
            kind=f"case_{kind}", subject=case.subject, address="", name=to.name, actor=actor, by_post=True, **given
        )  # fmt: skip
    return write_letter(
        kind=f"case_{kind}",
        subject=case.subject,
        address=to.email,
        name=to.name,
        actor=actor,
        link=new_address(purpose=link, case=case) if link and not draft else None,
        link_purpose=link or "",
        draft=draft,
        **given,
    )


def preview_case_letter(*, kind: str, case: SubjectRequest, **context: Any) -> Composed:
    """What a letter to the person of a case would say; nothing is written.

    Raises:
        ValueError: a particular that the kind asks for is missing.
    """
    given = _of_case(case, context, to=addressee_of(case, kind))
    return compose(
        letter_kind(f"case_{kind}"), particulars=given["context"], language=letter_language(case.language),
        law=given["law"],
    )  # fmt: skip


def composed_case_letter(*, kind: str, case: SubjectRequest, **context: Any) -> Letter:
    """The letter as `write_case_letter` would write it, for a preview: it is in no table, and has no link.

    Raises:
        ValueError: a particular that the kind needs is missing.
    """
    code, to = f"case_{kind}", addressee_of(case, kind)
    given = _of_case(case, context, to=to)
    language = letter_language(given["language"])
    made = compose(letter_kind(code), particulars=given["context"], language=language, law=given["law"])
    return Letter(
        kind=code, reference=case.reference, language=language, heading=made.heading, body=made.text,
        name=to.name if to else case.name, address=(to.email if to else None) or "",
    )  # fmt: skip


def write_recipient_notice(
    *,
    case: SubjectRequest,
    name: str,
    address: str,
    actor: Actor,
    language: str,
    draft: bool = False,
    **context: Any,
) -> Letter:
    """Tell somebody to whom data was disclosed what became of it (GDPR art. 19; BC PIPA s. 24(2); Act 843 s. 33(4)).

    Args:
        name, address: of the recipient.
        language: in which the recipient is written to.
        context: particulars of the kind `case_recipient_notice`.
    """  # fmt: skip
    given = _of_case(case, context, language=language)
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


def _of_case(
    case: SubjectRequest, context: dict[str, Any], *, to: Addressee | None = None, language: str = ""
) -> dict[str, Any]:
    """What every letter of a case is written with; in the language of the person, or of whoever else gets it.

    Args:
        to: the person, or who acts for them; None for anybody else, and where nobody may get the letter.
    """
    language = language or case.language
    with translation.override(letter_language(language)):
        common = _common(case)
    return {
        "case_id": case.pk,
        "reference": case.reference,
        "language": language,
        "law": next((each["law"] for each in case.deadlines if each["origin"] == Origin.LAW), ""),
        "context": common | context | {"addressee": to.name if to else None, ACTED_FOR: to.acts_for if to else None},
    }


def _common(case: SubjectRequest) -> dict[str, Any]:
    return {
        "case": case,
        "today": local_date(timezone.now()),
        "organisation": profile(),
        "portal": portal_url(),
        "binding": case.deadlines[0],
        "due_on": case.due_on,
        "authorities": authorities_of(case),
    }
