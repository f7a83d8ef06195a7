"""Rows that an erasure leaves by law, and that nothing names any more, are erased when the law allows it."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import formats

from privacy.datamap.models import Finding
from privacy.datamap.services.findings import dismiss_finding
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from retention.enums import HoldKind, KeptState, RunKind, RunState
from retention.errors import NothingFree, SecondOfficerNeeded
from retention.holding import held_people
from retention.models import Certificate, KeptRow, KeptRows
from retention.services import approve_replay, place_hold, plan_kept, save_minimum
from retention.why.asking import explain_row
from retention.why.deciding import decide
from retention.why.words import verdict_words
from tests.retention.kept.conftest import (
    AMA,
    ERASED_AT,
    ISSUED,
    KOFI,
    LAST_DAY,
    THREE,
    ask,
    carry_out,
    erase,
    law,
    look,
)
from tests.secrecy import check_readable_nowhere
from tests.sources import known

FREE, CHANGED = "kept_by_law_over", "kept_row_changed"


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


AFTER = noon(LAST_DAY + dt.timedelta(days=1))


def left(shop, email: str = AMA):
    """Erase somebody while the law still wants their invoices; the run."""
    law()
    with time_machine.travel(ERASED_AT):
        return erase(email)


@pytest.mark.parametrize(("more", "keys"), [(None, [1]), (THREE, [1, 2, 3])])
def test_rows_left_by_law_are_remembered_found_free_and_erased_by_two_officers(shop, officer, make_officer, more, keys):
    if more:
        shop.ask(more)
    first = left(shop)
    assert shop.invoices == [*keys, 9]
    assert sorted(row.key for row in KeptRow.objects.all()) == [[str(key)] for key in keys]
    assert {row.until for row in KeptRow.objects.all()} == {LAST_DAY}
    assert KeptRows.objects.get().reasons == ["Tax books (Act 915, s. 27)"]
    with time_machine.travel(AFTER):
        assert look() == {FREE: len(keys)}
        run = ask(shop, officer)
        with pytest.raises(SecondOfficerNeeded):
            approve_replay(run=run, officer=officer)
        assert (run.state, shop.invoices) == (RunState.AWAITING, [*keys, 9])
        assert carry_out(run, make_officer()) == (RunState.COMPLETED, "")
    assert shop.invoices == [9]
    assert (KeptRow.objects.count(), Certificate.objects.filter(run=run).count(), run.frozen_keys) == (0, 1, None)
    entry = LedgerEntry.objects.get(action="run.kept_rows_gone")
    assert (entry.object_id, entry.data["rows"], entry.data["by"]) == (str(first.pk), len(keys), str(run.pk))
    assert Finding.objects.get(code=FREE).resolved_at is not None


@pytest.mark.parametrize("date", ["infinity", "9999-12-31"])
def test_a_row_whose_date_has_no_end_that_can_be_named_is_kept_without_a_day(postgresql_shop, date):
    postgresql_shop.ask(f"INSERT INTO invoice VALUES (2, 1, 'Ama M', '{date}')")
    run = left(postgresql_shop)
    assert {row.key[0]: row.until for row in KeptRow.objects.filter(kept__run=run)} == {"1": LAST_DAY, "2": None}
    with time_machine.travel(AFTER):
        assert look() == {FREE: 1}
        answer = explain_row(dataset=postgresql_shop.source.datasets.get(table_name="invoice"), key=("2",))
    assert [(law.reason, law.until) for law in answer.laws] == [("Tax books (Act 915, s. 27)", None)]
    assert "Until when cannot be said" in verdict_words(answer, decide(answer)).why


@pytest.mark.parametrize(("day", "found"), [(-1, {}), (0, {}), (1, {FREE: 1})])
def test_a_row_is_free_from_the_day_after_the_last_one(postgresql_shop, day, found):
    left(postgresql_shop)
    with time_machine.travel(noon(LAST_DAY + dt.timedelta(days=day))):
        assert look() == found
        if not found:
            with pytest.raises(NothingFree):
                plan_kept(source=postgresql_shop.source)


def test_a_minimum_that_was_made_longer_or_shorter_counts_from_then_on(postgresql_shop):
    kept = law()
    with time_machine.travel(ERASED_AT):
        erase()
    kept.amount = 3
    save_minimum(minimum=kept, actor=SYSTEM)
    with time_machine.travel(AFTER):
        assert look() == {}
    assert KeptRow.objects.get().until == LAST_DAY.replace(year=2028)
    kept.unit = "days"
    save_minimum(minimum=kept, actor=SYSTEM)
    with time_machine.travel(ERASED_AT + dt.timedelta(days=1)):
        assert look() == {FREE: 1}


def test_a_minimum_that_came_after_the_approval_stops_the_run(postgresql_shop, officer, make_officer):
    left(postgresql_shop)
    with time_machine.travel(AFTER):
        look()
        run = ask(postgresql_shop, officer)
        law(name="Fraud", amount=5)
        assert carry_out(run, make_officer()) == (RunState.STOPPED, "map_changed")
        assert postgresql_shop.invoices == [1, 9]
        with pytest.raises(NothingFree):
            plan_kept(source=postgresql_shop.source)


def test_a_hold_on_the_person_spares_rows_that_name_them_no_more(postgresql_shop, officer, make_officer):
    postgresql_shop.ask(THREE)
    law()
    with time_machine.travel(ERASED_AT):
        erase()
        erase(KOFI)
    with time_machine.travel(AFTER):
        assert look() == {FREE: 4}
        run = ask(postgresql_shop, officer)
        place_hold(kind=HoldKind.LEGAL, matter="Court", subject=known(AMA), actor=SYSTEM)
        assert carry_out(run, make_officer()) == (RunState.COMPLETED, "")
        assert postgresql_shop.invoices == [1, 2, 3]
        assert (run.steps.get().rows, run.steps.get().held) == (1, 3)
        assert KeptRow.objects.filter(state=KeptState.FREE).count() == 3
        assert plan_kept(source=postgresql_shop.source).steps[0].expected_count == 0


def test_nobody_is_spared_without_a_hold(postgresql_shop):
    left(postgresql_shop)
    assert not held_people().keys_of("public.invoice")
    place_hold(kind=HoldKind.LEGAL, matter="Court", subject=known(AMA), actor=SYSTEM)
    assert held_people().keys_of("public.invoice") == (("1",),)


CHANGES = [
    "UPDATE invoice SET customer_id = 2 WHERE id = 1",
    f"UPDATE invoice SET issued_on = '{ISSUED - dt.timedelta(days=1)}' WHERE id = 1",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_row_that_is_another_one_by_now_is_left_alone_and_told(shop, officer, statement):
    left(shop)
    shop.ask(statement)
    with time_machine.travel(AFTER):
        assert look() == {CHANGED: 1}
        with pytest.raises(NothingFree):
            plan_kept(source=shop.source)
        finding = Finding.objects.get(code=CHANGED)
        dismiss_finding(finding=finding, reason="A correction by the bookkeeper", officer=officer)
    assert (shop.invoices, KeptRow.objects.count()) == ([1, 9], 0)


@pytest.mark.parametrize("statement", CHANGES)
def test_a_row_that_became_another_one_after_the_approval_stops_the_run(shop, officer, make_officer, statement):
    left(shop)
    with time_machine.travel(AFTER):
        assert look() == {FREE: 1}
        run = ask(shop, officer)
        shop.ask(statement)
        assert carry_out(run, make_officer()) == (RunState.STOPPED, "plan_no_longer_matches")
    assert shop.invoices == [1, 9]


def test_a_change_of_another_column_makes_no_other_row_of_it(postgresql_shop):
    left(postgresql_shop)
    postgresql_shop.ask("UPDATE invoice SET billed_to = 'A. Mensah' WHERE id = 1")
    with time_machine.travel(AFTER):
        assert look() == {FREE: 1}


def test_a_row_that_went_by_itself_is_forgotten_and_told_to_the_erasure(postgresql_shop):
    run = left(postgresql_shop)
    postgresql_shop.ask("DELETE FROM invoice WHERE id = 1")
    with time_machine.travel(AFTER):
        assert look() == {}
    entry = LedgerEntry.objects.get(action="run.kept_rows_gone")
    assert (entry.object_id, entry.data["rows"], entry.data["by"]) == (str(run.pk), 1, "")
    assert KeptRow.objects.count() == 0


def test_rows_that_may_stay_are_not_planned_any_more(postgresql_shop, officer):
    left(postgresql_shop)
    with time_machine.travel(AFTER):
        look()
        assert plan_kept(source=postgresql_shop.source).steps[0].expected_count == 1
        dismiss_finding(finding=Finding.objects.get(code=FREE), reason="A lawsuit of ours", officer=officer)
        with pytest.raises(NothingFree):
            plan_kept(source=postgresql_shop.source)
    assert (KeptRow.objects.count(), postgresql_shop.invoices) == (0, [1, 9])


def test_an_erasure_that_leaves_nothing_remembers_nothing(postgresql_shop):
    with time_machine.travel(ERASED_AT):
        erase()
    assert (postgresql_shop.invoices, KeptRows.objects.count()) == ([9], 0)


def test_nothing_of_the_person_or_the_row_is_written_down_in_the_clear(postgresql_shop, officer, make_officer, caplog):
    postgresql_shop.ask("UPDATE invoice SET id = 31415926 WHERE id = 1")
    left(postgresql_shop)
    with time_machine.travel(AFTER):
        look()
        assert KeptRow.objects.get().key == ["31415926"]
        secrets = ("31415926", AMA, "Mensah")
        check_readable_nowhere(*secrets)
        run = ask(postgresql_shop, officer)
        assert carry_out(run, make_officer()) == (RunState.COMPLETED, "")
    check_readable_nowhere(*secrets)
    assert [each for each in secrets if each in caplog.text] == []
    assert LedgerEntry.objects.filter(action="run.kept_rows_gone").count() == 1


def test_the_page_asks_for_it_and_the_other_officer_finds_the_button(postgresql_shop, officer_client, officer):
    left(postgresql_shop)
    with time_machine.travel(AFTER):
        look()
        page = officer_client.get(reverse("officer:datamap_source_erase_kept", args=[postgresql_shop.source.pk]))
        words = page.content.decode()
        assert ["Tax books (Act 915, s. 27)" in words, formats.date_format(LAST_DAY, "DATE_FORMAT") in words] == [
            True
        ] * 2
        plan = plan_kept(source=postgresql_shop.source)
        answer = officer_client.post(page.wsgi_request.path, {"plan_hash": plan.hash}, follow=True)
        assert "Waits for a second officer" in answer.content.decode()
        finding = Finding.objects.get(code=FREE)
        told = officer_client.get(reverse("officer:datamap_finding_change", args=[finding.pk]))
        assert page.wsgi_request.path in told.content.decode()


def test_the_record_of_the_case_says_it(postgresql_shop, officer, make_officer):
    first = left(postgresql_shop)
    with time_machine.travel(AFTER):
        look()
        run = ask(postgresql_shop, officer)
        done = carry_out(run, make_officer())
    assert (done, run.kind) == ((RunState.COMPLETED, ""), RunKind.KEPT)
    entry = LedgerEntry.objects.get(action="run.kept_rows_gone", object_id=str(first.pk))
    assert entry.data == {"dataset": "public.invoice", "rows": 1, "by": str(run.pk)}


def test_a_plan_is_the_same_however_many_rows_are_read_at_a_time(postgresql_shop, monkeypatch):
    postgresql_shop.ask(THREE)
    left(postgresql_shop)
    with time_machine.travel(AFTER):
        look()
        whole = plan_kept(source=postgresql_shop.source)
        monkeypatch.setattr("retention.services.kept_rows.BATCH_ROWS", 1)
        assert plan_kept(source=postgresql_shop.source).hash == whole.hash
    assert whole.steps[0].expected_count == 3
