"""Recording one decision.

Danger: two writers at once, and the person who said no last is treated as if they had said yes.
Rule: a writer locks the person first and takes the time after that. So decisions of one person follow each other, the
latest decision is the one that the present state names, and record and state are written in one transaction.
"""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consent.errors import WithdrawalBarred
from consent.guards import NOT_SAID, Age, Today, check_capture
from consent.models import ConsentRecord, CurrentConsent, Decision, Evidence, Method, Wording
from consent.propagation.services import OVERTAKE, pass_on
from consent.records import new_record
from consent.register_reading import Past, Register, Sender, find_sender, what_receipt_says, what_register_says
from consent.register_terms import insertion, register_terms
from consent.services.dated import at_latest, dated, past_of
from consent.services.letters import send_receipt
from consent.services.order import (
    UNLESS_DECIDED_LATER,
    check_order,
    is_told_late,
    next_day_after,
    when_agreed,
    when_agreed_by,
    when_decided,
    when_decided_by,
)
from consent.services.restricted import obey
from consent.services.spoken import check_unsaid, is_unsaid, what_each_said
from consent.shown_elsewhere import as_shown, shown_now
from consent.statement import Statement
from consent.terms import Terms, check_terms, counts_as, judge_terms
from privacy.ledger.actors import Actor, ActorKind
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import ask_for_sealing, new_entry
from privacy.register.models import Notice, Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import held_for
from privacy.register.selectors import local_date
from privacy.subjects.models import Subject
from privacy.subjects.people import Person, lock_of, lock_or_add
from privacy.tenants.db import connection
from privacy.tenants.rows import ask_together

_STATE = f"""INSERT INTO {CurrentConsent._meta.db_table}
                    (subject_id, purpose_id, decision, since, record_id, expires_at)
             VALUES (%s, %s, %s, %s, %s, %s)
             ON CONFLICT (subject_id, purpose_id) DO UPDATE
             SET decision = excluded.decision, since = excluded.since, record_id = excluded.record_id,
                 expires_at = excluded.expires_at, asked_again_at = NULL"""  # noqa: S608


@transaction.atomic
def record_consent(
    *,
    subject: Subject,
    purpose: Purpose,
    decision: str,
    method: str,
    language: str = "en",
    notice: Notice | None = None,
    wording: Wording | None = None,
    evidence: dict[str, Any] | None = None,
    age: Age = NOT_SAID,
    occurred_at: datetime | None = None,
    lifts_objection: bool = False,
    nothing_shown: bool = False,
    actor: Actor,
) -> ConsentRecord:
    """Record a decision of a known person, with the words they were shown.

    Args:
        decision: a `Decision`.
        method: a `Method`.
        notice: the notice they were shown; when absent the one in force, or the one that was when it happened.
        wording: the words they were shown; the newest in the language when absent.
        evidence: what shows that it was so, see `consent.evidence`; kept encrypted.
        age: how old the person is, where the purpose has a minimum age.
        occurred_at: when somebody else says it happened; kept, and never taken for the time of the record.
        lifts_objection: the person was reminded that they objected to the purpose, and agrees by their own act.
        nothing_shown: no words and no notice; a no needs none, and a consent without any is refused.

    Raises:
        ConsentRefused: the terms do not stand; the error names the field.
    """
    locked = lock(subject)
    agreed = decision == Decision.REFUSED and when_agreed_by(locked.pk, purpose) is not None
    terms = check_terms(
        purpose=purpose, decision=counts_as(purpose, decision, agreed=agreed), language=language, notice=notice,
        wording=wording, decided_at=_if_before_today(occurred_at), nothing_shown=nothing_shown,
    )  # fmt: skip
    kept = check_capture(
        purpose=purpose, decision=decision, method=method, evidence=evidence, age=age, occurred_at=occurred_at
    )
    if is_unsaid(decision, method):
        _check_unsaid(locked.pk, purpose, method, kept)
    if is_told_late(decision, occurred_at):
        decided_at = when_decided_by(locked.pk, purpose)
        check_order(decision=decision, occurred_at=occurred_at, decided_at=decided_at)
    obey(subject=locked, purpose=purpose, decision=decision, actor=actor, lifts_objection=lifts_objection)
    return write(
        subject=locked, terms=terms, decision=decision, method=method, language=language, actor=actor,
        evidence=kept, occurred_at=occurred_at,
    )  # fmt: skip


@transaction.atomic
def record_statement(*, statement: Statement, actor: Actor) -> ConsentRecord:
    """Record a decision that a system of the organisation states. A person not known yet is added.

    Raises:
        ConsentRefused: the terms do not stand; the error names the field.
    """
    today = Today()
    statement = dated(statement, today)
    person = Person.known_by(statement.kind, statement.identifier)
    subject_id, held, register, sender, decided_at = _lock_and_read(statement, person, past_of(statement, today))
    refused = statement.decision == Decision.REFUSED
    decision = counts_as(register.purpose, statement.decision, agreed=refused and decided_at is not None)
    terms = judge_terms(
        register,
        decision=decision,
        notice_version=statement.notice_version,
        wording_version=statement.wording_version,
    )
    if decision != Decision.WITHDRAWN:
        terms = as_shown(
            terms, decision=decision, shown=statement.shown, is_unproved=statement.is_unproved,
            now=partial(shown_now, terms, sender),
        )  # fmt: skip
    kept = check_capture(
        purpose=terms.purpose,
        decision=statement.decision,
        method=statement.method,
        evidence=statement.evidence_to_keep(has_words=terms.wording is not None),
        age=statement.age,
        occurred_at=statement.occurred_at,
    )
    if subject_id is not None and is_unsaid(statement.decision, statement.method):
        _check_unsaid(subject_id, terms.purpose, statement.method, kept)
    check_order(decision=statement.decision, occurred_at=at_latest(statement, today), decided_at=decided_at)
    is_known = subject_id is not None
    subject = Subject.from_db("default", ["id"], [subject_id if is_known else lock_or_add([person])[person]])
    obey(
        subject=subject,
        purpose=terms.purpose,
        decision=statement.decision,
        actor=actor,
        held=held if is_known else None,
    )
    written = write(
        subject=subject,
        terms=terms,
        decision=statement.decision,
        method=statement.method,
        language=statement.language,
        actor=actor,
        evidence=kept,
        occurred_at=statement.occurred_at,
        sender=sender,
    )
    written.sender = sender
    return written


@transaction.atomic
def withdraw(
    *, subject: Subject, purpose: Purpose, actor: Actor, method: str = Method.ELECTRONIC, language: str = "en"
) -> ConsentRecord:
    """Withdraw consent and write the person a receipt. Asked twice, it is withdrawn once.

    Raises:
        ConsentRefused: the purpose never rested on consent, or the person withdraws what the register says cannot be
            withdrawn; an officer can.
    """
    if actor.kind == ActorKind.SUBJECT and purpose.withdrawal_bar:
        raise WithdrawalBarred(purpose.withdrawal_bar)
    locked = lock(subject)
    current = CurrentConsent.objects.select_related("record__wording").filter(subject=locked, purpose=purpose).first()
    if current is not None and current.decision == Decision.WITHDRAWN:
        return current.record
    terms = _terms_of_withdrawal(purpose, current, language)
    written = write(
        subject=locked, terms=terms, decision=Decision.WITHDRAWN, method=method, language=language, actor=actor
    )
    send_receipt(record=written, actor=actor)
    return written


@transaction.atomic
def withdraw_everything(
    *,
    subject: Subject,
    actor: Actor,
    method: str = Method.ELECTRONIC,
    language: str = "en",
    evidence: dict[str, Any] | None = None,
    also_bound: bool = True,
    given_before: datetime | None = None,
) -> list[ConsentRecord]:
    """Withdraw every consent that a person gave, as their erasure implies. The caller tells the person.

    Args:
        evidence: what shows that it was asked for; kept encrypted.
        also_bound: also those of which the register says that they cannot be withdrawn.
        given_before: only those that were given before this moment; None: all.
    """
    locked = lock(subject)
    given = CurrentConsent.objects.filter(subject=locked, decision=Decision.GIVEN)
    if not also_bound:
        given = given.filter(Q(purpose__no_withdrawal_reason="") | Q(purpose__is_prohibited=True))
    if given_before is not None:
        given = given.filter(since__lt=given_before)
    return [
        write(
            subject=locked, terms=_terms_of_withdrawal(current.purpose, current, language), decision=Decision.WITHDRAWN,
            method=method, language=language, evidence=evidence, actor=actor,
        )
        for current in given.select_related("purpose", "record__wording").order_by("purpose_id")
    ]  # fmt: skip


def _check_unsaid(subject_id: UUID, purpose: Purpose, method: str, evidence: dict[str, Any] | None) -> None:
    """Of a person who is locked."""
    spoken = what_each_said([subject_id]).get((subject_id, purpose.pk))
    check_unsaid(method=method, evidence=evidence, spoken=spoken, today=Today())


def _lock_and_read(
    statement: Statement, person: Person, past: Past | None
) -> tuple[UUID | None, list[Restriction], Register, Sender | None, datetime | None]:
    """The person, locked where they are known, and what speaks for and against their decision; in one round trip."""
    # the lock first: whoever waits for it reads afterwards what the other writer left
    when = None
    if is_told_late(statement.decision, statement.occurred_at):
        when = when_decided
    elif statement.decision == Decision.REFUSED:
        when = when_agreed
    return ask_together(
        lock_of(person),
        held_for(person),
        what_register_says(
            purpose=statement.purpose,
            language=statement.language,
            notice_version=statement.notice_version,
            wording_version=statement.wording_version,
            past=past,
        ),
        what_receipt_says(statement.purpose),
        when(person, statement.purpose) if when else None,
    )


def _if_before_today(occurred_at: datetime | None) -> datetime | None:
    """Of a day the moment is known only by guess; on the day itself what is in force now was shown."""
    if occurred_at is None or local_date(occurred_at) >= local_date(timezone.now()):
        return None
    return occurred_at


def _terms_of_withdrawal(purpose: Purpose, current: CurrentConsent | None, language: str) -> Terms:
    """In the words that were agreed to."""
    agreed = current.record.wording if current else None
    return check_terms(
        purpose=purpose, decision=Decision.WITHDRAWN, language=agreed.language if agreed else language, wording=agreed
    )


def lock(subject: Subject) -> Subject:
    """The person, locked until the transaction ends."""
    return Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)


def write(
    *,
    subject: Subject,
    terms: Terms,
    decision: str,
    method: str,
    language: str,
    actor: Actor,
    evidence: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
    sender: Sender | None = None,
) -> ConsentRecord:
    """Write record, present state, evidence and ledger entry. The subject is locked.

    Args:
        sender: what the register says besides the terms, where the caller has just read it.
    """
    sender = sender or find_sender(terms.purpose)
    said = register_terms(purpose=terms.purpose, notice=terms.notice, sender=sender)
    written = new_record(
        subject=subject, terms=terms, said=said, decision=decision, method=method, language=language, actor=actor,
        evidence=evidence, occurred_at=occurred_at,
    )  # fmt: skip
    written.subject, written.purpose = subject, terms.purpose
    written.wording, written.notice, written.terms = terms.wording, terms.notice, said
    entry = new_entry(
        action=f"consent.{decision}",
        actor=actor,
        target=written,
        data={"purpose": terms.purpose.code, "method": str(method)},
    )
    entry.prepare()
    _write_together(written, entry, _state(written))
    if decision != Decision.GIVEN:
        pass_on(records=[written.pk], actor=actor)
    if evidence:
        Evidence.objects.create(record=written, content=evidence)
    ask_for_sealing()
    return written


def _state(written: ConsentRecord) -> tuple[str, list[Any]]:
    """The present state that a decision leaves, and which stays as it is where the decision was told late."""
    state = [
        written.subject_id, written.purpose_id, written.decision, written.recorded_at, written.pk, written.expires_at,
    ]  # fmt: skip
    if written.occurred_at is None or written.occurred_at >= written.recorded_at:
        return _STATE, state
    return _STATE + UNLESS_DECIDED_LATER, [*state, next_day_after(written.occurred_at, Today())]


def _write_together(written: ConsentRecord, entry: LedgerEntry, state: tuple[str, list[Any]]) -> None:
    """Terms, record, state and ledger entry in one round trip; and who agrees again is not passed on any more."""
    assert written.terms is not None
    statements = [insertion(written.terms), written.insertion(), state, entry.insertion()]
    if written.decision == Decision.GIVEN and not written.was_over:
        statements.append((OVERTAKE, [written.subject_id, written.purpose_id]))
    connection.at_once(*statements)
