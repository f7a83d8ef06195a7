"""Objection, restriction and withdrawal of consent: deciding what stops, purpose by purpose, and stopping it.

GDPR art. 7(3), 18, 21; Act 843 ss. 20(2)-(3), 39, 40; PIPEDA 4.3.8.

Danger: a person is told that something stopped which goes on.
Rule: what is granted is entered into the register that engine, consent and API obey (`privacy.register.restrictions`),
or written as a withdrawal, in the transaction that completes the case and writes the letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent.errors import ConsentRefused
from consent.models import Method
from consent.selectors import agreed_to_by, goes_on_because
from consent.services import withdraw
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.composing import letter_language
from privacy.officers.models import Officer
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.enums import RestrictionKind
from privacy.register.restrictions.services import place_restriction
from privacy.register.selectors import local_date
from privacy.subjects.models import Subject
from requests.addressees import representation_of
from requests.asked import stated_purposes
from requests.deciding.checking import ground_problems
from requests.deciding.grounds import must_offer_instead
from requests.deciding.telling import ground_words, offers
from requests.enums import Channel, Outcome, RequestKind, RequestState
from requests.errors import ChangeInvalid, ScopesChanged
from requests.letters import write_case_letter
from requests.models import NoticeChange, SubjectRequest
from requests.purposes import spared_by_objection
from requests.services.decisions import refusal_grounds
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_may_handle, expect, locked, move
from requests.services.telling_recipients import tell_recipients

EVERYTHING = ""
"""The scope that is not one purpose: all that is done with the data."""
KINDS = frozenset({RequestKind.OBJECTION, RequestKind.RESTRICTION, RequestKind.CONSENT_WITHDRAWAL})


@dataclass(frozen=True)
class Scope:
    """What the person wants to stop: one purpose, or everything."""

    code: str
    purpose: Purpose | None

    @property
    def title(self) -> str:
        return self.purpose.title if self.purpose else _("Everything we do with the data")


@dataclass(frozen=True)
class ScopeDecided:
    """An officer's decision about one scope.

    alternatives, own_alternative: what is offered instead of stopping; codes of the ground, and the officer's words.
    stops: no means refused, with ground and reasons. is_marketing: of an objection to direct marketing, against which
    nothing is weighed (GDPR art. 21(2)-(3); Act 843 s. 40).
    """

    code: str
    stops: bool
    is_marketing: bool = False
    ground: str = ""
    reasons: str = field(default="", repr=False)
    alternatives: tuple[str, ...] = ()
    own_alternative: str = field(default="", repr=False)


def scopes_of(case: SubjectRequest) -> list[Scope]:
    """What the person named, in the register's order; everything when they named nothing."""
    named = Purpose.objects.filter(code__in=stated_purposes(case.particulars))
    found = [Scope(each.code, each) for each in named]
    if found or case.kind == RequestKind.CONSENT_WITHDRAWAL:
        return found
    return [Scope(EVERYTHING, None)]


@transaction.atomic
def note_purposes(*, case: SubjectRequest, officer: Officer, codes: Sequence[str]) -> SubjectRequest:
    """Note which purposes the person means, where they said it in their own words.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        ChangeInvalid: a purpose is not known, or does not fit the kind of case.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    known = {each.code: each for each in Purpose.objects.filter(code__in=codes)}
    if case.kind not in KINDS or set(codes) != set(known):
        raise ChangeInvalid(_("Choose purposes from the list."))
    if case.kind == RequestKind.CONSENT_WITHDRAWAL:
        _check_consent(case, known.values())
    case.particulars = (case.particulars or {}) | {"purposes": sorted(codes)}
    case.save(update_fields=["particulars"])
    record(action="subject_request.purposes_noted", actor=Actor.officer(officer), target=case, data={"n": len(codes)})
    return case


@transaction.atomic
def decide_scopes(*, case: SubjectRequest, officer: Officer, decisions: Sequence[ScopeDecided]) -> SubjectRequest:
    """Decide every scope, stop what is granted, tell the person, and close the case.

    Args:
        decisions: one for each of `scopes_of(case)`.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        ScopesChanged: the case is about other scopes than those that were decided on.
        ChangeInvalid: a refusal has no ground or reasons; `number` is the place of the decision in the list, from 0.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    scopes = {each.code: each for each in scopes_of(case)}
    if case.kind not in KINDS or not scopes:
        raise ChangeInvalid(_("Decide on each purpose that the person named."))
    if sorted(each.code for each in decisions) != sorted(scopes):
        raise ScopesChanged
    for number, each in enumerate(decisions):
        _check(case, each, number)
    actor, refused = Actor.officer(officer), [each for each in decisions if not each.stops]
    _close(case, officer, refused, whole=len(refused) == len(decisions))
    for each in decisions:
        if each.stops:
            _stop(case, scopes[each.code], each.is_marketing, actor)
    _tell(case, actor, scopes, decisions)
    return case


def stop_everything_named(case: SubjectRequest, actor: Actor) -> None:
    """What granting the whole case means, in the transaction that grants it; the case is being carried out."""
    scopes = scopes_of(case)
    if not scopes:
        raise ChangeInvalid(_("Note first which consents the person withdraws."))
    move(case=case, to=RequestState.COMPLETED, action="narrowed", actor=actor, data={"refused": 0}, problem="")
    unlock_after_recourse(case=case, decided_on=local_date(timezone.now()))
    for each in scopes:
        _stop(case, each, False, actor)
    _tell(case, actor, {each.code: each for each in scopes}, [ScopeDecided(each.code, True) for each in scopes])


def _check(case: SubjectRequest, decided: ScopeDecided, number: int) -> None:
    if decided.stops:
        if decided.is_marketing and (case.kind != RequestKind.OBJECTION or not decided.code):
            raise ChangeInvalid(_("Only an objection to one purpose can be about direct marketing."), number)
        return
    if case.kind == RequestKind.CONSENT_WITHDRAWAL:
        raise ChangeInvalid(_("A withdrawal of consent cannot be refused."), number)
    ground = next((each for each in refusal_grounds(case) if each.code == decided.ground), None)
    if ground is None:
        raise ChangeInvalid(_("Choose one of the grounds that the law knows."), number)
    problems = ground_problems(
        case, ground, reasons=decided.reasons,
        alternatives=decided.alternatives, own_alternative=decided.own_alternative,
        must_offer=must_offer_instead(case), today=local_date(timezone.now()),
    )  # fmt: skip
    if (first := next(problems, None)) is not None:
        raise ChangeInvalid(first[1], number)


def _close(case: SubjectRequest, officer: Officer, refused: list[ScopeDecided], *, whole: bool) -> None:
    now = timezone.now()
    outcome = Outcome.REFUSED if whole else Outcome.PARTIAL if refused else Outcome.GRANTED
    changes: dict[str, Any] = {"decided_by": officer, "decided_at": now, "outcome": outcome, "problem": ""}
    if refused:
        reasons = "\n\n".join(each.reasons.strip() for each in refused)
        with translation.override(letter_language(case.language)):  # as the letter says it
            instead = "\n".join(dict.fromkeys(offer for each in refused for offer in _offers(each)))
        changes |= {"refusal_ground": refused[0].ground, "refusal_text": reasons, "offered_instead": instead or None}
    move(
        case=case, to=RequestState.REFUSED if whole else RequestState.COMPLETED,
        action="refused" if whole else "narrowed", actor=Actor.officer(officer),
        data={"ground": refused[0].ground} if whole else {"refused": len(refused)}, **changes,
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=local_date(now))


def _stop(case: SubjectRequest, scope: Scope, is_marketing: bool, actor: Actor) -> None:
    if case.kind == RequestKind.CONSENT_WITHDRAWAL:
        assert scope.purpose is not None
        try:
            withdraw(
                subject=case.subject, purpose=scope.purpose, actor=actor, method=_method(case), language=case.language
            )
        except ConsentRefused as error:
            raise ChangeInvalid(str(error)) from None
        return
    kind = RestrictionKind.RESTRICTION if case.kind == RequestKind.RESTRICTION else RestrictionKind.OBJECTION
    place_restriction(
        subject=case.subject, kind=RestrictionKind.MARKETING if is_marketing else kind, purpose=scope.purpose,
        case_id=case.pk, actor=actor,
    )  # fmt: skip


def _method(case: SubjectRequest) -> Method:
    """How consent was withdrawn that is withdrawn by a case."""
    if representation_of(case) is not None:
        return Method.REPRESENTATIVE
    return {
        Channel.LETTER: Method.WRITTEN, Channel.EMAIL: Method.WRITTEN, Channel.PHONE: Method.ORAL,
        Channel.COUNTER: Method.ORAL,
    }.get(Channel(case.channel), Method.ELECTRONIC)  # fmt: skip


def _tell(case: SubjectRequest, actor: Actor, scopes: dict[str, Scope], decisions: Sequence[ScopeDecided]) -> None:
    stopped = [scopes[each.code] for each in decisions if each.stops]
    if case.kind == RequestKind.CONSENT_WITHDRAWAL:
        with translation.override(letter_language(case.language)):
            told = [_withdrawn(case.subject, each.purpose) for each in stopped if each.purpose]
        write_case_letter(kind="consent_withdrawn", case=case, actor=actor, purposes=told)
        return
    with translation.override(letter_language(case.language)):
        spared = _spared(case, stopped)
        but = _("Everything we do with the data, except for what is named below")
        titles = [but] if spared else [each.title for each in stopped]
        goes_on = [_goes_on(scopes[each.code], each) for each in decisions if not each.stops]
        instead = [offer for each in decisions if not each.stops for offer in _offers(each)]
    write_case_letter(
        kind=f"{case.kind}_answered", case=case, actor=actor, stopped=titles, goes_on=goes_on,
        alternatives=list(dict.fromkeys(instead)), spared=spared,
    )  # fmt: skip
    if case.kind == RequestKind.RESTRICTION and stopped:
        is_everything = any(each.purpose is None for each in stopped)
        purposes = None if is_everything else [each.code for each in stopped]
        tell_recipients(case=case, change=NoticeChange.RESTRICTED, actor=actor, purposes=purposes)


def _spared(case: SubjectRequest, stopped: Sequence[Scope]) -> list[str]:
    """What goes on although everything is stopped: the person must not read that it stops as well."""
    is_everything = case.kind == RequestKind.OBJECTION and any(each.purpose is None for each in stopped)
    return spared_by_objection() if is_everything else []


def _goes_on(scope: Scope, decided: ScopeDecided) -> dict[str, str]:
    words, section = ground_words(decided.ground)
    return {
        "what": scope.title, "words": words, "section": section,
        "reasons": decided.reasons.strip(),
    }  # fmt: skip


def _offers(decided: ScopeDecided) -> list[str]:
    return offers(decided.alternatives, decided.own_alternative)


def _withdrawn(subject: Subject, purpose: Purpose) -> dict[str, str]:
    return {
        "title": purpose.title, "consequences": purpose.withdrawal_consequences,
        "goes_on_because": goes_on_because(subject, purpose),
    }  # fmt: skip


def _check_consent(case: SubjectRequest, purposes: Iterable[Purpose]) -> None:
    agreed = agreed_to_by(case.subject)  # perhaps before it rested on something else
    if any(each.lawful_basis != LawfulBasis.CONSENT and each.pk not in agreed for each in purposes):
        raise ChangeInvalid(
            _("One of these does not rest on consent, so nothing can be withdrawn: it is an objection.")
        )
