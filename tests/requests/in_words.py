"""Cases that are answered in words, as they stand when work on them begins."""

from datetime import date
from typing import Any

from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from requests.enums import Channel, IdentityLevel, Outcome
from requests.models import SubjectRequest
from requests.services.answering import AnswerGiven
from requests.services.identity import confirm_identity
from requests.services.opening import begin_case, create_case

AMA = "ama.mensah@example.com"
GIVEN: dict[str, AnswerGiven] = {
    "question": AnswerGiven(outcome=Outcome.ANSWERED, text="We keep call notes for one year."),
    "complaint": AnswerGiven(outcome=Outcome.UPHELD, text="The letter came nine days late."),
    "reconsideration": AnswerGiven(
        outcome=Outcome.ANSWERED, text="Your new job was not counted.", is_changed=True,
        new_decision="You can pay in six instalments.", took_no_part=True,
    ),
}  # fmt: skip
PARTICULARS = {"reconsideration": {"decision": "No payment by instalments, 12 February 2026"}}


def person(email: str = AMA) -> Subject:
    return find_or_add_subject(kind="email", value=email, name="Ama Mensah")


def begun(
    kind: str,
    *,
    about: SubjectRequest | None = None,
    email: str = AMA,
    subject: Subject | None = None,
    received_on: date | None = None,
    particulars: dict[str, Any] | None = None,
    language: str = "en",
) -> SubjectRequest:
    """A case of this kind on which work has begun, by whatever channel it came."""
    subject = subject or person(email)
    actor = Actor.subject(subject)
    case = create_case(
        kind=kind, subject=subject, name="Ama Mensah", details="It took far too long.", language=language,
        channel=Channel.PORTAL, received_at=timezone.now(), received_on=received_on, actor=actor, about=about,
        particulars=PARTICULARS.get(kind) if particulars is None else particulars,
    )  # fmt: skip
    return begin_case(case=case, level=IdentityLevel.MAIL_LINK, actor=actor)


def to_be_answered(kind: str, officer: Any, **more: Any) -> SubjectRequest:
    """A case of this kind that can be answered."""
    case = begun(kind, **more)
    return confirm_identity(case=case, officer=officer) if kind == "reconsideration" else case
