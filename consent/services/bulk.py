"""Recording many decisions in one transaction and a fixed number of statements.

Danger: the guards of single captures are left out for speed, or one bad item loses the good ones.
Rule: every item passes the same terms and the same objections; the bad are named and the good are stored. Rows are
written by COPY, sealed as single ones are.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress
from operator import itemgetter, not_
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.errors import ConsentRefused
from consent.guards import Today, check_capture
from consent.models import ConsentRecord, CurrentConsent, Decision, Evidence, RegisterTerms
from consent.propagation.services import overtake, pass_on
from consent.records import end_of, sealed_rows
from consent.register_reading import Past, find_sender
from consent.register_terms import register_terms
from consent.services.dated import at_latest, dated, past_of
from consent.services.order import Latest, becomes_the_state, check_order, is_told_late, when_each_decided, who_agreed
from consent.services.restricted import refusal_words
from consent.services.spoken import Spoken, check_unsaid, is_unsaid, what_each_said
from consent.shown_elsewhere import ShownTerms, as_shown, shown_now
from consent.statement import Statement
from consent.terms import Terms, find_terms
from privacy.ledger.actors import Actor
from privacy.ledger.sealed import current_epoch, organisation_key
from privacy.ledger.services import record
from privacy.register.models import Notice
from privacy.register.restrictions.selectors import restrictions_among
from privacy.subjects.people import Person, find, lock_or_add
from privacy.tenants.db import connection

_COPIED = [field for field in ConsentRecord._meta.concrete_fields if field.name != "transaction"]

_STATES = f"""
    INSERT INTO {CurrentConsent._meta.db_table} (subject_id, purpose_id, decision, since, record_id, expires_at)
    SELECT DISTINCT ON (subject_id, purpose_id) subject_id, purpose_id, decision, recorded_at, id, expires_at
      FROM {ConsentRecord._meta.db_table}
     WHERE epoch = %s AND transaction = pg_current_xact_id()::text::bigint AND id <> ALL(%s)
     ORDER BY subject_id, purpose_id, recorded_at DESC, id DESC
        ON CONFLICT (subject_id, purpose_id) DO UPDATE
       SET decision = excluded.decision, since = excluded.since, record_id = excluded.record_id,
           expires_at = excluded.expires_at, asked_again_at = NULL"""  # noqa: S608


_Decided = Mapping[tuple[UUID, int], Latest]
"""By person and purpose."""


class _Accepted(NamedTuple):
    """`may_stand`: it is the present state, unless something later in the list is."""

    said: Statement
    subject_id: UUID
    terms: Terms
    may_stand: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one statement: the id of its record, or the field at fault and why.

    is_restricted: nothing is at fault, but the person objected to the purpose.
    """

    record_id: UUID | None = None
    field: str = ""
    message: str = ""
    is_restricted: bool = False


@transaction.atomic
def record_statements(*, statements: Sequence[Statement], actor: Actor) -> list[Outcome]:
    """Record many decisions; those that do not stand are left out and say why.

    When one person decides about one purpose more than once, the latest decision is the present state; of those without
    a time of their own it is the last in the list.

    Returns:
        One outcome for each statement, in the same order.
    """
    today = Today()
    statements = [dated(said, today) for said in statements]
    judged = _take_back(statements, _judge(statements, today), today)
    statements, judged = _guard(statements, judged, today)
    people = [
        Person.known_by(said.kind, said.identifier) if isinstance(found, Terms) else None
        for said, found in zip(statements, judged, strict=True)
    ]
    subjects = lock_or_add([person for person in people if person is not None])
    ids = [person and subjects[person] for person in people]
    decided = _decided_before(statements, ids)
    judged = _in_order(statements, _obey(statements, judged, ids), ids, decided, today)
    judged = _in_silence(statements, judged, ids, today)
    overtaken = _overtaken(statements, judged, ids, decided, today)
    accepted = [
        _Accepted(said, subject_id, terms, place not in overtaken)
        for place, (said, subject_id, terms) in enumerate(zip(statements, ids, judged, strict=True))
        if isinstance(terms, Terms) and subject_id is not None
    ]
    if accepted:
        written = iter(_write(accepted, refused=len(judged) - len(accepted), actor=actor))
        return [Outcome(record_id=next(written)) if isinstance(found, Terms) else found for found in judged]
    return [found for found in judged if isinstance(found, Outcome)]


def _obey(
    statements: Sequence[Statement], judged: Sequence[Terms | Outcome], subjects: Sequence[UUID | None]
) -> list[Terms | Outcome]:
    """Refuse consent to what people objected to. They are locked, so nobody objects in between. One query."""
    held = restrictions_among({subject for subject in subjects if subject is not None})
    if not held:
        return list(judged)

    def is_free(said: Statement, subject: UUID | None, terms: Terms) -> bool:
        theirs = held.get(subject, ()) if subject else ()
        return said.decision != Decision.GIVEN or not any(each.reaches(terms.purpose) for each in theirs)

    refused = Outcome(field="purpose", message=refusal_words(), is_restricted=True)
    return [
        found if isinstance(found, Outcome) or is_free(said, subject, found) else refused
        for said, subject, found in zip(statements, subjects, judged, strict=True)
    ]


def _decided_before(statements: Sequence[Statement], subjects: Sequence[UUID | None]) -> _Decided:
    """When each of them, who are locked, decided last; nothing where nobody states a time. One query, if any."""
    if all(said.occurred_at is None for said in statements):
        return {}
    return when_each_decided({subject for subject in subjects if subject is not None})


def _in_order(
    statements: Sequence[Statement],
    judged: list[Terms | Outcome],
    subjects: Sequence[UUID | None],
    decided_before: _Decided,
    today: Today,
) -> list[Terms | Outcome]:
    """Refuse consent from before the latest decision, be it an earlier one in the list."""
    if not any(is_told_late(said.decision, said.occurred_at) for said in statements):
        return judged
    decided, found, now = dict(decided_before), list(judged), timezone.now()
    for place, (said, subject, terms) in enumerate(zip(statements, subjects, judged, strict=True)):
        if isinstance(terms, Outcome) or subject is None:
            continue
        key = subject, terms.purpose.pk
        before = decided.get(key, Latest())
        try:
            check_order(decision=said.decision, occurred_at=at_latest(said, today), decided_at=before.standing)
        except ConsentRefused as refusal:
            found[place] = Outcome(field=refusal.field, message=refusal.message)
        else:
            at, is_over = _when(said, terms, now)
            decided[key] = before.and_then(at, is_over=is_over, is_unsaid=is_unsaid(said.decision, said.method))
    return found


def _overtaken(
    statements: Sequence[Statement],
    judged: Sequence[Terms | Outcome],
    subjects: Sequence[UUID | None],
    decided_before: _Decided,
    today: Today,
) -> set[int]:
    """The places of what is told late and is not the present state, for the person decided since."""
    if all(said.occurred_at is None for said in statements):
        return set()
    decided, found, now = dict(decided_before), set(), timezone.now()
    for place, (said, subject, terms) in enumerate(zip(statements, subjects, judged, strict=True)):
        if isinstance(terms, Outcome) or subject is None:
            continue
        key = subject, terms.purpose.pk
        before, (at, is_over) = decided.get(key, Latest()), _when(said, terms, now)
        if said.occurred_at is not None and not becomes_the_state(at, is_over=is_over, before=before, today=today):
            found.add(place)
        decided[key] = before.and_then(at, is_over=is_over, is_unsaid=is_unsaid(said.decision, said.method))
    return found


def _when(said: Statement, terms: Terms, now: datetime) -> tuple[datetime, bool]:
    """When somebody decided, as far as anybody says, and whether it is of a consent that is over."""
    at = min(said.occurred_at or now, now)
    ends = end_of(at, terms.purpose, said.decision)
    return at, ends is not None and ends <= now


def _in_silence(
    statements: Sequence[Statement], judged: list[Terms | Outcome], subjects: Sequence[UUID | None], today: Today
) -> list[Terms | Outcome]:
    """Refuse what is unsaid of somebody who decided since they were told, or said no, be it earlier in the list.

    One query, if any.
    """
    if not any(is_unsaid(said.decision, said.method) for said in statements):
        return judged
    spoken = what_each_said({subject for subject in subjects if subject is not None})
    found, now = list(judged), timezone.now()
    for place, (said, subject, terms) in enumerate(zip(statements, subjects, judged, strict=True)):
        if isinstance(terms, Outcome) or subject is None:
            continue
        key = subject, terms.purpose.pk
        if not is_unsaid(said.decision, said.method):
            at, before = min(said.occurred_at or now, now), spoken.get(key)
            if before is None or today.day_of(at) >= today.day_of(before.at):
                spoken[key] = Spoken(max(before.at, at) if before else at, said.decision)
            continue
        try:
            check_unsaid(method=said.method, evidence=said.evidence, spoken=spoken.get(key), today=today)
        except ConsentRefused as refusal:
            found[place] = Outcome(field=refusal.field, message=refusal.message)
    return found


def _judge(statements: Sequence[Statement], today: Today) -> list[Terms | Outcome]:
    """The terms of each statement, or why they do not stand. The register is read once for each kind of statement."""
    published = list[datetime]()
    if any(said.occurred_at is not None for said in statements):
        moments = Notice.objects.values_list("published_at", flat=True)
        published = sorted(moment for moment in moments if moment is not None)
    known: dict[tuple[object, ...], Terms | Outcome] = {}
    to_show: dict[int, ShownTerms] = {}
    judged = []
    for said in statements:
        past = past_of(said, today)
        # of many moments the notice is the same: it is read once between two of them, and once a day where one is named
        when = past and (bisect_right(published, past.at), said.notice_version and past.day_ends)
        key = (said.purpose, said.decision, said.language, said.notice_version, said.wording_version, when)
        if key not in known:
            known[key] = _terms_or_reason(said, past)
        judged.append(_as_shown(said, known[key], to_show))
    return judged


def _take_back(
    statements: Sequence[Statement], judged: Sequence[Terms | Outcome], today: Today
) -> list[Terms | Outcome]:
    """Let a no through to what nobody can agree to any more, where the person's consent to it stands."""
    found = list(judged)
    people = {
        place: Person.known_by(said.kind, said.identifier)
        for place, (said, terms) in enumerate(zip(statements, judged, strict=True))
        if said.decision == Decision.REFUSED and isinstance(terms, Outcome) and terms.field == "purpose"
    }
    if not people:
        return found
    known = find(people.values())
    agreed = who_agreed(set(known.values()))
    places = [place for place, who in people.items() if (known.get(who), statements[place].purpose) in agreed]
    withdrawn = [
        replace(statements[place], decision=Decision.WITHDRAWN, shown=None, is_unproved=False) for place in places
    ]
    for place, terms in zip(places, _judge(withdrawn, today), strict=True):
        found[place] = terms
    return found


def _as_shown(said: Statement, found: Terms | Outcome, to_show: dict[int, ShownTerms]) -> Terms | Outcome:
    """The terms, where they are what the caller's form showed; without words for a no of which that is not proved.

    Args:
        to_show: what a form is to show now, by `id` of the terms, which many share; what is read is added.
    """
    if (said.shown is None and not said.is_unproved) or isinstance(found, Outcome):
        return found

    def now() -> ShownTerms:
        if id(found) not in to_show:
            to_show[id(found)] = shown_now(found, find_sender(found.purpose))
        return to_show[id(found)]

    try:
        return as_shown(found, decision=said.decision, shown=said.shown, is_unproved=said.is_unproved, now=now)
    except ConsentRefused as refusal:
        return Outcome(field=refusal.field, message=refusal.message)


def _guard(
    statements: Sequence[Statement], judged: Sequence[Terms | Outcome], today: Today
) -> tuple[list[Statement], list[Terms | Outcome]]:
    """The statements with the evidence that is to be kept, and those refused that lack something."""
    kept, found = list(statements), list(judged)
    for place, (said, terms) in enumerate(zip(statements, judged, strict=True)):
        if isinstance(terms, Outcome):
            continue
        try:
            evidence = check_capture(
                purpose=terms.purpose, decision=said.decision, method=said.method,
                evidence=said.evidence_to_keep(has_words=terms.wording is not None), age=said.age,
                occurred_at=said.occurred_at, today=today,
            )  # fmt: skip
        except ConsentRefused as refusal:
            found[place] = Outcome(field=refusal.field, message=refusal.message)
        else:
            kept[place] = said if evidence is said.evidence else replace(said, evidence=evidence)
    return kept, found


def _terms_or_reason(said: Statement, past: Past | None) -> Terms | Outcome:
    try:
        return find_terms(
            purpose=said.purpose,
            decision=said.decision,
            language=said.language,
            notice_version=said.notice_version,
            wording_version=said.wording_version,
            past=past,
        )
    except ConsentRefused as refusal:
        return Outcome(field=refusal.field, message=refusal.message)


def _write(accepted: Sequence[_Accepted], *, refused: int, actor: Actor) -> list[UUID]:
    """Everything that many decisions leave behind; the ids of their records."""
    ids = _copy(accepted, actor)
    is_given = [each.said.decision == Decision.GIVEN for each in accepted]
    overtake(records=list(compress(ids, is_given)))
    pass_on(records=list(compress(ids, map(not_, is_given))), actor=actor)
    record(action="consent.bulk_recorded", actor=actor, data=_counts(accepted, refused=refused))
    return ids


def _copy(accepted: Sequence[_Accepted], actor: Actor) -> list[UUID]:
    """Records, present states and evidence. Each record is made while the server takes in the one before."""
    epoch, key = current_epoch(), organisation_key()  # before COPY is open: it answers no question
    said = _keep_terms([each.terms for each in accepted])
    statements = ((stated, subject_id, terms, said[id(terms)]) for stated, subject_id, terms, _may_stand in accepted)
    columns, values = ", ".join(f'"{field.column}"' for field in _COPIED), itemgetter(*[f.attname for f in _COPIED])
    ids = []
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{ConsentRecord._meta.db_table}" ({columns}) FROM STDIN') as copy:
            for row in sealed_rows(statements=statements, actor=actor, epoch=epoch, key=key):
                copy.write_row(values(row))
                ids.append(row["id"])
        overtaken = [pk for pk, each in zip(ids, accepted, strict=True) if not each.may_stand]
        cursor.execute(_STATES, [epoch, overtaken])
    Evidence.objects.bulk_create(
        Evidence(record_id=pk, content=each.said.evidence)
        for pk, each in zip(ids, accepted, strict=True)
        if each.said.evidence
    )
    return ids


def _keep_terms(all_terms: Sequence[Terms]) -> dict[int, RegisterTerms]:
    """Write what the register says beside each of the terms, each once; by `id` of the terms, which many share."""
    read = {id(terms): terms for terms in all_terms}
    senders = {purpose: find_sender(purpose) for purpose in {terms.purpose for terms in read.values()}}
    said = {
        key: register_terms(purpose=terms.purpose, notice=terms.notice, sender=senders[terms.purpose])
        for key, terms in read.items()
    }
    # in one order, so that two calls which both write new ones do not wait for each other
    distinct = sorted({each.digest: each for each in said.values()}.items())
    RegisterTerms.objects.bulk_create([each for _digest, each in distinct], ignore_conflicts=True)
    return said


def _counts(accepted: Sequence[_Accepted], *, refused: int) -> dict[str, Any]:
    by_decision = Counter(f"{each.said.purpose}:{each.said.decision}" for each in accepted)
    return {"stored": len(accepted), "refused": refused, "decisions": dict(sorted(by_decision.items()))}
