"""Recording many decisions in one transaction and a fixed number of statements.

Danger: the guards of single captures are left out for speed, or one bad item loses the good ones.
Rule: every item passes the same terms and the same objections; the bad are named and the good are stored. Rows are
written by COPY, sealed as single ones are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction

from consent.errors import ConsentRefused
from consent.guards import Today, check_capture
from consent.models import ConsentRecord, CurrentConsent, Decision, Evidence
from consent.propagation.services import overtake, pass_on
from consent.records import new_record
from consent.services.restricted import refusal_words
from consent.statement import Statement
from consent.terms import Terms, find_terms
from privacy.ledger.actors import Actor
from privacy.ledger.sealed import current_epoch
from privacy.ledger.services import record
from privacy.register.restrictions.selectors import restrictions_among
from privacy.subjects.models import Subject
from privacy.subjects.people import Person, lock_or_add
from privacy.tenants.db import connection

_COPIED = [field for field in ConsentRecord._meta.concrete_fields if field.name != "transaction"]

_STATES = f"""
    INSERT INTO {CurrentConsent._meta.db_table} (subject_id, purpose_id, decision, since, record_id, expires_at)
    SELECT DISTINCT ON (subject_id, purpose_id) subject_id, purpose_id, decision, recorded_at, id, expires_at
      FROM {ConsentRecord._meta.db_table}
     WHERE epoch = %s AND transaction = pg_current_xact_id()::text::bigint
     ORDER BY subject_id, purpose_id, recorded_at DESC, id DESC
        ON CONFLICT (subject_id, purpose_id) DO UPDATE
       SET decision = excluded.decision, since = excluded.since, record_id = excluded.record_id,
           expires_at = excluded.expires_at, asked_again_at = NULL"""  # noqa: S608


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

    When one person decides about one purpose more than once, the last in the list is the present state.

    Returns:
        One outcome for each statement, in the same order.
    """
    judged = _judge(statements)
    statements, judged = _guard(statements, judged)
    accepted = [(said, terms) for said, terms in zip(statements, judged, strict=True) if isinstance(terms, Terms)]
    if not accepted:
        return [outcome for outcome in judged if isinstance(outcome, Outcome)]
    subjects = lock_or_add([Person.known_by(said.kind, said.identifier) for said, _terms in accepted])
    judged = _obey(statements, judged, subjects)
    accepted = [(said, terms) for said, terms in zip(statements, judged, strict=True) if isinstance(terms, Terms)]
    if not accepted:
        return [outcome for outcome in judged if isinstance(outcome, Outcome)]
    people = [Person.known_by(said.kind, said.identifier) for said, _terms in accepted]
    records = [
        new_record(
            subject=subjects[person],
            terms=terms,
            decision=said.decision,
            method=said.method,
            language=said.language,
            actor=actor,
            evidence=said.evidence,
            occurred_at=said.occurred_at,
        )
        for (said, terms), person in zip(accepted, people, strict=True)
    ]
    _write(records, [said.evidence for said, _terms in accepted])
    overtake(records=[row.pk for row in records if row.decision == Decision.GIVEN])
    pass_on(records=[row.pk for row in records if row.decision != Decision.GIVEN], actor=actor)
    record(action="consent.bulk_recorded", actor=actor, data=_counts(accepted, refused=len(judged) - len(accepted)))
    written = iter(records)
    return [Outcome(record_id=next(written).pk) if isinstance(found, Terms) else found for found in judged]


def _obey(
    statements: Sequence[Statement], judged: Sequence[Terms | Outcome], subjects: Mapping[Person, Subject]
) -> list[Terms | Outcome]:
    """Refuse consent to what people objected to. They are locked, so nobody objects in between. One query."""
    held = restrictions_among({subject.pk for subject in subjects.values()})
    if not held:
        return list(judged)

    def is_free(said: Statement, terms: Terms) -> bool:
        theirs = held.get(subjects[Person.known_by(said.kind, said.identifier)].pk, ())
        return said.decision != Decision.GIVEN or not any(each.reaches(terms.purpose) for each in theirs)

    refused = Outcome(field="purpose", message=refusal_words(), is_restricted=True)
    return [
        found if isinstance(found, Outcome) or is_free(said, found) else refused
        for said, found in zip(statements, judged, strict=True)
    ]


def _judge(statements: Sequence[Statement]) -> list[Terms | Outcome]:
    """The terms of each statement, or why they do not stand. The register is read once for each kind of statement."""
    known: dict[tuple[object, ...], Terms | Outcome] = {}
    judged = []
    for said in statements:
        key = (said.purpose, said.decision, said.language, said.notice_version, said.wording_version)
        if key not in known:
            known[key] = _terms_or_reason(said)
        judged.append(known[key])
    return judged


def _guard(
    statements: Sequence[Statement], judged: Sequence[Terms | Outcome]
) -> tuple[list[Statement], list[Terms | Outcome]]:
    """The statements with the evidence that is to be kept, and those refused that lack something."""
    today = Today()
    kept, found = list(statements), list(judged)
    for place, (said, terms) in enumerate(zip(statements, judged, strict=True)):
        if isinstance(terms, Outcome):
            continue
        try:
            evidence = check_capture(
                purpose=terms.purpose, decision=said.decision, method=said.method, evidence=said.evidence,
                age=said.age, today=today,
            )  # fmt: skip
        except ConsentRefused as refusal:
            found[place] = Outcome(field=refusal.field, message=refusal.message)
        else:
            kept[place] = said if evidence is said.evidence else replace(said, evidence=evidence)
    return kept, found


def _terms_or_reason(said: Statement) -> Terms | Outcome:
    try:
        return find_terms(
            purpose=said.purpose,
            decision=said.decision,
            language=said.language,
            notice_version=said.notice_version,
            wording_version=said.wording_version,
        )
    except ConsentRefused as refusal:
        return Outcome(field=refusal.field, message=refusal.message)


def _write(records: list[ConsentRecord], evidence: list[dict[str, Any] | None]) -> None:
    columns = ", ".join(f'"{field.column}"' for field in _COPIED)
    values = attrgetter(*[field.attname for field in _COPIED])
    for row in records:
        row.prepare()  # before COPY is open: in a fresh process it asks the database, which then answers nothing else
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{ConsentRecord._meta.db_table}" ({columns}) FROM STDIN') as copy:
            for row in records:
                copy.write_row(values(row))
        cursor.execute(_STATES, [current_epoch()])
    Evidence.objects.bulk_create(
        Evidence(record=row, content=content) for row, content in zip(records, evidence, strict=True) if content
    )


def _counts(accepted: Sequence[tuple[Statement, Terms]], *, refused: int) -> dict[str, Any]:
    by_decision = Counter(f"{said.purpose}:{said.decision}" for said, _terms in accepted)
    return {"stored": len(accepted), "refused": refused, "decisions": dict(sorted(by_decision.items()))}
