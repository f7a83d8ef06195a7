"""An organisation with many cases, made inside the database from one case that the services made.

Its clocks, texts and encrypted values are those of that case; people, dates, stages and officers differ.
"""

from typing import Any

from django.db import connection
from django.utils import timezone

from privacy.datamap.models import Source
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import owner_context
from privacy.tenants.models import Organisation
from requests.clocks import clocks_at_receipt
from requests.models import SubjectRequest
from requests.references import new_reference

PEOPLE = """
INSERT INTO subjects_subject (id, name, created_at)
SELECT gen_random_uuid(), name, created_at FROM subjects_subject, generate_series(1, {people});
INSERT INTO subjects_identifier (subject_id, kind, value, index, verified_at)
SELECT s.id, i.kind, i.value, sha256(s.id::text::bytea), now()
FROM subjects_subject s, (SELECT * FROM subjects_identifier LIMIT 1) i
WHERE NOT EXISTS (SELECT FROM subjects_identifier k WHERE k.subject_id = s.id)
"""
NUMBERED = """
WITH people AS (SELECT id, row_number() OVER () - 1 AS number FROM subjects_subject)
INSERT INTO requests_subjectrequest ({columns})
SELECT {values}
FROM generate_series(1, {cases}) n
JOIN people ON people.number = n %% {people}
JOIN requests_subjectrequest t ON t.reference = %(reference)s
"""
IS_OPEN = "n % 100 < {percent}"
CHANGED = {
    "id": "gen_random_uuid()",
    "reference": "'PR-' || lpad((n / 10000)::text, 4, '0') || '-' || lpad((n % 10000)::text, 4, '0')",
    "subject_id": "people.id",
    "kind": "(ARRAY['access', 'erasure', 'rectification', 'portability'])[1 + n % 4]",
    "state": "CASE WHEN {is_open} THEN (ARRAY['received', 'planning', 'deciding', 'unconfirmed'])[1 + n % 4]"
    " ELSE 'withdrawn' END",
    "closed_at": "CASE WHEN {is_open} THEN NULL ELSE now() - (n % 700) * interval '1 day' END",
    "received_at": "now() - (n % 60) * interval '1 day' - n * interval '1 second'",
    "received_on": "current_date - (n % 60)::integer",
    "due_on": "current_date + 40 - (n % 60)::integer",
    "target_on": "current_date + 30 - (n % 60)::integer",
    "assignee_id": "CASE WHEN n % 5 = 0 THEN NULL ELSE %(officer)s END",
    "waiting_for": "CASE WHEN n % 23 = 0 THEN 'clarification' ELSE '' END",
    "problem": "CASE WHEN n % 97 = 0 THEN 'source_unreachable' ELSE '' END",
    "is_minor": "n % 50 = 0",
}
TASKS = """
INSERT INTO errands_errand (id, source_id, case_id, work, subject_id, ask_hash, instructions, due_on, state, created_at,
                            polls, status)
SELECT gen_random_uuid(), %(source)s, id, 'access', subject_id, repeat('c', 64), '', due_on, 'open', now(), 0, ''
FROM requests_subjectrequest WHERE closed_at IS NULL;
INSERT INTO retention_hold (id, kind, matter, subject_id, category, placed_at)
SELECT gen_random_uuid(), 'legal', matter, s.id, '', now()
FROM (SELECT id FROM subjects_subject ORDER BY id LIMIT 1000) s, (SELECT name AS matter FROM subjects_subject LIMIT 1) m
"""
FILLED = (
    "subjects_subject", "subjects_identifier", "requests_subjectrequest", "errands_errand", "retention_hold",
)  # fmt: skip


def one_case() -> SubjectRequest:
    """The case of which the others are made."""
    now = timezone.now()
    today = local_date(now)
    clocks = clocks_at_receipt(kind="access", received_on=today)
    return SubjectRequest.objects.create(
        reference=new_reference(), kind="access", state="received", received_at=now, received_on=today,
        subject=find_or_add_subject(kind="email", value="person@example.com", name="Ama Mensah"), name="Ama Mensah",
        details="A copy of everything that you hold about me, please.", due_on=clocks.due_on,
        target_on=clocks.target_on, deadlines=clocks.deadlines,
    )  # fmt: skip


def fill(organisation: Organisation, first: SubjectRequest, officer: Officer, *, cases: int, percent: int) -> None:
    """So many cases like the first, of half as many people; `percent` of them are open."""
    people = cases // 2
    source = Source.objects.create(name="Paper files", address="")
    is_open = IS_OPEN.format(percent=percent)
    columns = [str(field.column) for field in SubjectRequest._meta.concrete_fields if not field.generated]
    values = [CHANGED.get(column, f't."{column}"').format(is_open=is_open) for column in columns]
    values = [each.replace("n % ", "n %% ") for each in values]
    given: dict[str, Any] = {"reference": first.reference, "officer": officer.pk, "source": source.pk}
    statement = NUMBERED.format(
        columns=", ".join(f'"{column}"' for column in columns), values=", ".join(values), cases=cases, people=people + 1
    )
    with connection.cursor() as cursor:
        for each in PEOPLE.format(people=people).split(";\n"):
            cursor.execute(each)
        cursor.execute(statement, given)
        for each in TASKS.split(";\n"):
            cursor.execute(each, given)
    with owner_context(organisation), connection.cursor() as cursor:
        for table in FILLED:
            cursor.execute(f"VACUUM ANALYZE {table}")
