"""A run does not end before rows that it anonymised, and that still single somebody out, were made coarser."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from privacy.datamap.models import Action, Dataset, Field
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import public_context
from retention import coarsening
from retention.certificate.document import as_file, check_file
from retention.certificate.pdf import as_pdf
from retention.certificate.words import coarseness
from retention.closing import is_closed
from retention.enums import HoldKind, RunState
from retention.journal import PortalJournal
from retention.models import Rule, Run, RunChunk
from retention.plans import plan_of
from retention.preview import preview_rule
from retention.services import activate_rule, cancel_run, place_hold, save_rule, start_rule_run
from tests.retention.test_small_groups import DUE
from tests.sources import approve, change, connect_offixpro, job_of, known, rows, work

OTHERS = f"SELECT contact_id, c::text FROM crm.contact c WHERE NOT ({DUE}) ORDER BY 1"
FOUND = f"""SELECT extract(year FROM created_at)::int, department, count(*) FROM crm.contact c WHERE {DUE}
    GROUP BY 1, 2 ORDER BY 1, 2"""
STEPS = {
    "created_at": [{"strategy": "generalise_date", "params": {"to": each}} for each in ("year", "decade")],
    "department": [{"strategy": "constant", "params": {"value": "other"}}],
}


class Crash(BaseException):
    """The process is gone: nothing below may catch this and carry on."""


def prepare(crm) -> Rule:
    """A rule over contacts, which month and department tell apart: five of each twelve rows are like no other's."""
    contact = Dataset.objects.get(table_name="contact")
    for column, steps in STEPS.items():
        Field.objects.filter(dataset=contact, column=column).update(is_quasi_identifier=True, coarser=steps)
    Field.objects.filter(dataset=contact, column="created_at").update(
        on_retention="generalise_date", mask_params={"to": "month"}
    )
    Field.objects.filter(dataset=contact, column="department").update(on_retention="keep")
    change(crm, f"""UPDATE crm.contact c SET department = 'Law', created_at = CASE WHEN n <= 3 THEN '2011-05-02'
        WHEN n <= 5 THEN make_timestamptz(2011, 5 + n::int, 3, 0, 0, 0, 'UTC')
        WHEN n <= 7 THEN make_timestamptz(1990 + n::int, 1, 1, 0, 0, 0, 'UTC') ELSE '2012-03-03' END
        FROM (SELECT contact_id, row_number() OVER (ORDER BY contact_id) n FROM crm.contact c WHERE {DUE}) numbered
        WHERE numbered.contact_id = c.contact_id""")  # fmt: skip
    change(crm, f"UPDATE crm.contact c SET department = 'Tax' WHERE created_at = '2012-03-03' AND {DUE}")
    OrganisationProfile.objects.update(smallest_group=2)
    cancelled = {"column": "subscription_status", "op": "=", "value": "cancelled"}
    rule = Rule(
        name="Contacts", dataset=contact, start_dataset=Dataset.objects.get(table_name="workspace"),
        start_column="cancelled_on", conditions=[cancelled], amount=30, unit="days", action=Action.MASK,
        legal_reason="Policy",
    )  # fmt: skip
    return activate_rule(rule=save_rule(rule=rule, actor=SYSTEM), actor=SYSTEM)


@pytest.fixture
def rule(offixpro, crm) -> Rule:
    return prepare(crm)


def started(rule: Rule) -> Run:
    run = start_rule_run(rule=rule, actor=SYSTEM)
    if run.state == RunState.AWAITING:
        approve(run.pk)
    return run


def finished(run: Run) -> Run:
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def passes(run: Run) -> list[tuple[int, int, int, int | None]]:
    found = run.steps.filter(level__gt=0).order_by("position")
    return list(found.values_list("level", "expected", "rows", "survivors"))


def total(crm) -> int:
    return rows(crm, f"SELECT count(*) FROM crm.contact c WHERE {DUE}")[0][0]


COARSE = [(1, 4, 4, 0), (2, 2, 2, 0)]


def check(run: Run, crm) -> None:
    """What the source says, and that the record says the same."""
    many = total(crm)
    assert many > 9
    assert rows(crm, FOUND) == [
        (1990, "other", 2), (2011, "Law", 3), (2011, "other", 2), (2012, "Tax", many - 7),
    ]  # fmt: skip
    assert passes(run) == COARSE
    own = run.steps.get(level=0)
    assert (own.rows, own.expected) == (many, many)
    assert is_closed(run)
    for step in run.steps.all():
        completed = step.chunks.filter(state="completed")
        assert sum(chunk.rows for chunk in completed) == step.rows


def test_small_groups_are_made_coarser_before_the_run_ends_and_nobody_elses_row_is_touched(rule, crm):
    others = rows(crm, OTHERS)
    assert len(others) > 0
    run = finished(started(rule))
    check(run, crm)
    assert rows(crm, OTHERS) == others
    assert [entry.data for entry in LedgerEntry.objects.filter(action="run.small_groups_coarser").order_by("pk")] == [
        {"table": "crm.contact", "level": 1, "rows": 4}, {"table": "crm.contact", "level": 2, "rows": 2},
    ]  # fmt: skip


def test_the_certificate_says_what_was_made_coarser_and_calls_it_no_better_than_it_is(rule, crm):
    run = finished(started(rule))
    content = check_file(as_file(run.certificate.document).decode())
    (table,) = content["tables"]
    assert [(each["level"], each["rows"]) for each in table["made_coarser"]] == [(1, 4), (2, 2)]
    assert table["made_coarser"][0]["words"] == "4 rows in too small groups made coarser, step 1"
    assert [each["column"] for each in table["made_coarser"][0]["fields"]] == ["department", "created_at"]
    assert [[field["done"] for field in each["fields"]] for each in table["made_coarser"]] == [
        ["always “other”", "year only"], ["always “other”", "decade only"],
    ]  # fmt: skip
    assert len({each["digest"] for each in table["made_coarser"]} | {table["digest"]}) == 3
    assert content["result"]["class"] == table["result"]["class"] == "generalised"
    assert {step.result for step in run.steps.all()} == {"generalised"}
    assert as_pdf(run.certificate.document).startswith(b"%PDF")


def test_what_becomes_of_small_groups_is_part_of_the_plan_that_is_approved(rule, crm):
    run = start_rule_run(rule=rule, actor=SYSTEM)
    (step,) = plan_of(run).steps
    assert (step.coarser.columns, step.coarser.smallest) == (("department", "created_at"), 2)
    approve(run.pk)
    Field.objects.filter(column="department", dataset__table_name="contact").update(coarser=[])
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "map_changed")
    assert rows(crm, f"SELECT count(*) FROM crm.contact c WHERE full_name = 'Erased contact' AND {DUE}") == [(0,)]


def test_without_further_steps_small_groups_stay_as_they_are(rule, crm):
    Field.objects.update(coarser=[])
    run = finished(started(rule))
    assert passes(run) == []
    assert rows(crm, FOUND)[0] == (1996, "Law", 1)


def test_the_row_of_somebody_under_a_hold_is_left_as_it_is(rule, crm):
    (number, email), *_ = rows(crm, f"SELECT contact_id, email FROM crm.contact c WHERE {DUE} ORDER BY 1 OFFSET 5")
    place_hold(kind=HoldKind.LEGAL, matter="A dispute", subject=known(email), actor=SYSTEM)
    before = rows(crm, "SELECT c::text FROM crm.contact c WHERE contact_id = %s", number)
    run = finished(started(rule))
    assert rows(crm, "SELECT c::text FROM crm.contact c WHERE contact_id = %s", number) == before
    assert passes(run) == [(1, 3, 3, 0), (2, 1, 1, 0)]


def expire_lease(run: Run) -> None:
    """Time passes: the dead worker's lease runs out."""
    with public_context():
        Job.objects.filter(pk=job_of(run.pk).pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def dying(monkeypatch, target, method: str, *, wrote: bool, applies=lambda *_a, **_k: True) -> None:
    """The worker dies in a method, once, before or after it did its work."""
    original, died = getattr(target, method), []

    def wrapped(*arguments, **named):
        dies = not died and applies(*arguments, **named)
        if dies and not wrote:
            died.append(1)
            raise Crash
        result = original(*arguments, **named)
        if dies:
            died.append(1)
            raise Crash
        return result

    monkeypatch.setattr(target, method, wrapped)


def of_a_pass(_journal, chunk, **_named) -> bool:
    return "#" in (chunk if isinstance(chunk, str) else chunk.step)


SEAMS = {
    "before the rows of a pass are frozen": (coarsening, "_written_down", False, None),
    "after the rows of a pass were frozen": (coarsening, "_written_down", True, None),
    "before the intent": (PortalJournal, "intend", False, of_a_pass),
    "after the intent": (PortalJournal, "intend", True, of_a_pass),
    "after the update": (PortalJournal, "prepare", False, of_a_pass),
    "before the source's commit": (PortalJournal, "prepare", True, of_a_pass),
    "after the source's commit": (PortalJournal, "complete", False, of_a_pass),
    "after the last result": (PortalJournal, "complete", True, of_a_pass),
    "before the step is closed": (PortalJournal, "close_step", False, of_a_pass),
    "after the step was closed": (PortalJournal, "close_step", True, of_a_pass),
    "before its keys are forgotten": (coarsening, "_close", False, None),
    "after its keys were forgotten": (coarsening, "_close", True, None),
}


@pytest.mark.long
def test_a_worker_that_dies_at_any_seam_leaves_a_record_that_another_brings_to_its_exact_end(
    committed, crm, settings, monkeypatch
):
    """One committed organisation for all seams: after each the source is put back as it was."""
    settings.RETENTION_WINDOW_ROWS = 2
    connect_offixpro(crm)
    rule = prepare(crm)
    change(crm, "CREATE TABLE crm.before AS SELECT * FROM crm.contact")
    for seam, (target, method, wrote, applies) in SEAMS.items():
        run = started(rule)
        with monkeypatch.context() as patch:
            dying(patch, target, method, wrote=wrote, **({"applies": applies} if applies else {}))
            with pytest.raises(Crash):
                work(run.pk)
        expire_lease(run)
        check(finished(run), crm)
        assert seam
        change(crm, """UPDATE crm.contact c SET full_name = b.full_name, email = b.email, phone = b.phone,
            job_title = b.job_title, department = b.department, notes = b.notes, created_at = b.created_at
            FROM crm.before b WHERE b.contact_id = c.contact_id""")  # fmt: skip


def test_a_run_cancelled_in_the_middle_of_a_pass_keeps_an_exact_record_and_no_keys(
    committed, crm, settings, monkeypatch
):
    settings.RETENTION_WINDOW_ROWS = 2
    connect_offixpro(crm)
    run = started(prepare(crm))
    with monkeypatch.context() as patch:
        dying(patch, PortalJournal, "prepare", wrote=True, applies=of_a_pass)
        with pytest.raises(Crash):
            work(run.pk)
    expire_lease(run)
    assert not is_closed(run)
    cancel_run(run=run, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    assert is_closed(run)
    assert not RunChunk.objects.filter(step__run=run, state__in=("intended", "prepared")).exists()
    years = rows(crm, f"SELECT count(*) FROM crm.contact c WHERE department = 'other' AND {DUE}")
    assert years == [(run.steps.get(level=1).rows,)]


def test_rows_that_somebody_else_changed_before_a_pass_began_are_frozen_anew(rule, crm, monkeypatch):
    original, changed = coarsening._freeze, []

    def freeze(*arguments):
        frozen = original(*arguments)
        if not changed:
            changed.append(change(crm, f"""UPDATE crm.contact c SET department = 'other',
                created_at = date_trunc('year', created_at) WHERE created_at < '2000-01-01' AND {DUE}"""))  # fmt: skip
        return frozen

    monkeypatch.setattr(coarsening, "_freeze", freeze)
    run = finished(started(rule))
    assert changed == [2]
    assert passes(run) == [(1, 2, 2, 0), (2, 2, 2, 0)]


def test_the_keys_of_a_pass_are_nowhere_readable_while_it_is_under_way(committed, crm, settings, monkeypatch):
    settings.RETENTION_WINDOW_ROWS = 2
    connect_offixpro(crm)
    run = started(prepare(crm))
    with monkeypatch.context() as patch:
        dying(patch, PortalJournal, "intend", wrote=True, applies=of_a_pass)
        with pytest.raises(Crash):
            work(run.pk)
    step = run.steps.get(level=1)
    assert json.dumps(step.content).count('"RowKeys"') == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT content::text, dataset_key FROM retention_runstep WHERE id = %s", [step.pk])
        stored = cursor.fetchone()
    assert "RowKeys" not in stored[0]
    assert stored[1] == f"crm.contact#{step.position}"


@pytest.mark.parametrize(
    ("strategy", "params", "words"),
    [
        ("null", {}, "emptied"),
        ("generalise_date", {"to": "month"}, "month only"),
        ("generalise_number", {"size": 1000}, "rounded to 1,000"),
        ("generalise_postcode", {"keep": 1}, "first 1 character only"),
        ("generalise_postcode", {"keep": 3}, "first 3 characters only"),
        ("generalise_ip", {"keep": 2}, "first 2 parts of the address only"),
    ],
)
def test_a_certificate_says_in_words_how_coarse_a_column_became(strategy, params, words):
    assert coarseness({"strategy": strategy, "params": params}) == words


def test_the_preview_and_the_page_of_the_run_name_the_steps_beforehand(rule, officer_client):
    (steps,) = preview_rule(rule).further_steps
    assert (steps.table, steps.smallest) == ("crm.contact", 2)
    assert steps.levels == ("Department: always “other”; Contact since: year only", "Contact since: decade only")
    run = start_rule_run(rule=rule, actor=SYSTEM)
    assert run.state == RunState.AWAITING
    for page in (f"/officer/retention/rule/{rule.pk}/start-now/", f"/officer/retention/run/{run.pk}/change/"):
        shown = officer_client.get(page).content.decode()
        assert [words in shown for words in steps.levels] == [True, True]
        assert "shared by fewer than 2" in shown
