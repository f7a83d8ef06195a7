"""What only SQLite has: one writer at a time, a memory of transactions in the file, values of any type anywhere."""

import datetime as dt
import time
from contextlib import closing

import pytest
from sqlalchemy import text

from privacy.datamap.engine.dialects.base import Outcome
from privacy.datamap.engine.dialects.sqlite_transactions import DAY_SECONDS, MEMORY, TRUSTED_DAYS, new_id
from privacy.datamap.engine.errors import InvalidSpec, SourceLocked, SourceRefused, SourceUnreachable
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.identities import stream_identities
from privacy.datamap.engine.introspect import findings, read_catalog
from privacy.datamap.engine.journal import ChunkState
from privacy.datamap.engine.masks import ColumnMask, Family, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.sample import masked_sample
from privacy.datamap.engine.selection import NOBODY_HELD, Identifier, OlderThan
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import DatasetSpec, Identity
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person
from tests.privacy.datamap.engine.test_crashes import SEAMS, TWO, Crash, CrashingJournal, masked, plan_for
from tests.privacy.datamap.engine.test_planner import keys_of, refusals

pytestmark = only("sqlite")
HASTY = Limits(first_window=2, smallest_window=2, largest_window=2, lock_timeout_ms=30, pause_seconds=0.01)


@pytest.fixture
def journal():
    made = FileJournal(":memory:")
    yield made
    made.close()


def remembered(shop) -> list[str]:
    return [row[0] for row in shop.rows(f"SELECT id FROM {MEMORY} ORDER BY written_at, id")]


def write(source, identifier: str) -> None:
    with (
        source.connect() as connection,
        connection.transaction(lock_timeout_ms=1000, statement_timeout_ms=5000, transaction_id=identifier) as writing,
    ):
        connection.lock(text("UPDATE person SET city = 'x' RETURNING 1"))
        writing.prepare()


def outcome(source, identifier: str) -> Outcome:
    with source.connect() as connection:
        return connection.outcome(identifier)


def test_looking_at_a_file_leaves_every_byte_of_it_as_it_was(source, shop):
    shop.fill(people=3)
    before = shop.path.read_bytes()
    assert plan_for(source, shop, DELETE_ALL, people=3).steps[0].expected_count == 6
    assert shop.path.read_bytes() == before


def test_each_change_leaves_its_id_and_nothing_else_and_the_memory_is_no_table_of_the_source(source, shop, journal):
    shop.fill(people=3)
    run(source, plan_for(source, shop, people=3), journal, SettledWorld(), limits=TWO)
    assert sorted(remembered(shop)) == sorted(chunk.transaction_id for chunk in journal.chunks())
    assert [row[1] for row in shop.rows(f"PRAGMA table_info({MEMORY})")] == ["id", "written_at"]
    assert [table.name for table in read_catalog(source).tables] == ["line", "person", "purchase"]


def test_the_file_says_what_became_of_each_transaction(source, shop):
    shop.fill(people=1)
    committed, never_begun, old = new_id(), new_id(), f"privacy-desk-{int(time.time()) - 31 * DAY_SECONDS:x}-00"
    assert TRUSTED_DAYS == 30
    write(source, committed)
    assert [outcome(source, each) for each in (committed, never_begun, old, "4711")] == [
        Outcome.COMMITTED, Outcome.ABORTED, Outcome.UNKNOWN, Outcome.UNKNOWN,
    ]  # fmt: skip


def test_as_long_as_somebody_writes_nothing_is_said_to_be_undone(source, shop):
    shop.fill(people=1)
    number, committed = new_id(), new_id()
    write(source, committed)
    with shop.locking("UPDATE person SET city = 'y'") as give_up:
        assert [outcome(source, each) for each in (number, committed)] == [Outcome.IN_PROGRESS, Outcome.COMMITTED]
        give_up()
        assert outcome(source, number) is Outcome.ABORTED


def test_ids_are_forgotten_when_nobody_can_ask_for_them_any_more(source, shop):
    shop.fill(people=1)
    first, second = new_id(), new_id()
    write(source, first)
    shop.run(f"UPDATE {MEMORY} SET written_at = %s", int(time.time()) - 61 * DAY_SECONDS)
    write(source, second)
    assert remembered(shop) == [second]


def test_others_may_write_after_a_crash_and_the_record_is_exact_all_the_same(source, shop, tmp_path):
    """What is left in the window would tell the opposite: a row of it is gone."""
    shop.fill(people=5, purchases=0)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method="prepare", time=1, wrote=True)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO)
    dying.close()
    shop.run("DELETE FROM person WHERE id = 1")
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows, masked(shop)) == (True, {"person": 4}, 4)
    assert [chunk.note for chunk in journal.chunks() if chunk.state is ChunkState.VOID] == [
        "found rolled back after a restart"
    ]
    journal.close()


def test_a_run_waits_for_whoever_writes_and_goes_on_later(source, shop, journal):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    with shop.locking("UPDATE person SET city = 'z' WHERE id = 5"):
        with pytest.raises(SourceLocked) as refused:
            run(source, plan, journal, SettledWorld(), limits=HASTY)
        assert (refused.value.retryable, {chunk.rows for chunk in journal.chunks()}) == (True, {0})
    assert run(source, plan, journal, SettledWorld(), limits=HASTY).rows == {"person": 5}


def test_a_commit_that_a_reader_keeps_from_happening_counts_no_rows_and_is_done_again(source, shop, journal):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    with closing(shop.connect()) as reader:
        cursor = reader.execute("SELECT id FROM person")
        cursor.fetchone()
        with pytest.raises(SourceLocked):
            run(source, plan, journal, SettledWorld(), limits=HASTY)
        cursor.close()
    assert ({chunk.rows for chunk in journal.chunks()}, masked(shop)) == ({0}, 0)
    assert run(source, plan, journal, SettledWorld(), limits=HASTY).rows == {"person": 5}


def test_what_was_erased_is_not_left_in_the_file(source, shop, journal):
    shop.fill(people=3)
    shop.run("UPDATE person SET name = 'Nyarko-Boateng' WHERE id = 2")
    assert b"Nyarko-Boateng" in shop.path.read_bytes()
    run(source, plan_for(source, shop, DELETE_ALL, people=3), journal, SettledWorld(), limits=TWO)
    assert b"Nyarko-Boateng" not in shop.path.read_bytes()


@pytest.fixture
def mode(request, shop):
    """The file in a journal mode that its owner chose."""
    assert shop.rows(f"PRAGMA journal_mode = {request.param}") == [(request.param,)]
    yield request.param
    shop.rows("PRAGMA journal_mode = delete")


@pytest.mark.parametrize("mode", ["delete", "truncate", "wal"], indirect=True)
@pytest.mark.parametrize("seam", SEAMS)
def test_after_a_crash_the_record_is_exact_in_each_journal_mode_and_the_mode_stays(source, shop, mode, tmp_path, seam):
    method, wrote = SEAMS[seam]
    shop.fill(people=5)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method=method, time=1, wrote=wrote)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO)
    dying.close()
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows, masked(shop)) == (True, {"person": 5}, 5)
    assert {chunk.state for chunk in journal.chunks()} <= {ChunkState.COMPLETED, ChunkState.VOID}
    assert shop.rows("PRAGMA journal_mode") == [(mode,)]
    journal.close()
    source.close()


def test_a_file_that_is_not_there_is_not_made_and_one_that_is_no_database_is_refused(shop, tmp_path):
    for path, content, error in (("none.db", None, SourceUnreachable), ("text.db", b"Dear Ama, " * 99, SourceRefused)):
        if content:
            (tmp_path / path).write_bytes(content)
        with open_source(f"sqlite:///{tmp_path / path}", mask_key=b"k" * 32) as opened, pytest.raises(error):
            read_catalog(opened)
        assert (tmp_path / path).exists() is bool(content)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "sqlite:///here.db", "sqlite://host//x.db"])
def test_only_a_whole_path_is_an_address(shop, address):
    with pytest.raises(InvalidSpec, match="whole path"):
        open_source(address, mask_key=b"k" * 32)


def test_a_file_that_cannot_be_written_grants_nothing_but_reading(source, shop):
    shop.fill(people=1)
    shop.rows("PRAGMA user_version")
    with shop.path.open("r+b") as file:
        file.seek(18)
        version = file.read(1)
        file.seek(18)
        file.write(b"\3")  # the format's own way to say "read only" (fileformat2.html, section 1.3.3)
    try:
        person = read_catalog(source).table("main", "person")
        assert ("email" in person.privileges.select, person.privileges.update, person.privileges.delete) == (
            True, frozenset(), False,
        )  # fmt: skip
        assert "may not change" in refusals(source, shop, mask_person())["person"]
    finally:
        with shop.path.open("r+b") as file:
            file.seek(18)
            file.write(version)


def test_columns_keys_and_indexes_are_read_as_they_are(source, shop):
    shop.run(
        "CREATE TABLE odd (Id INTEGER PRIMARY KEY, twice int AS (id * 2) STORED, who NVARCHAR(40), seen DATETIME, any,"
        " parent int REFERENCES PERSON ON DELETE CASCADE)"
    )
    shop.run("CREATE UNIQUE INDEX by_who ON odd (lower(who)) WHERE parent > 0")
    shop.run("CREATE VIEW looked AS SELECT * FROM odd")
    shop.run("CREATE VIRTUAL TABLE words USING fts5 (body)")
    catalog = read_catalog(source)
    odd = catalog.table("main", "odd")
    assert {each.name: (each.family, each.generated, each.max_length) for each in odd.columns} == {
        "Id": (Family.NUMBER, False, None),
        "twice": (Family.NUMBER, True, None),
        "who": (Family.TEXT, False, 40),
        "seen": (Family.TIMESTAMP, False, None),
        "any": (Family.OTHER, False, None),
        "parent": (Family.NUMBER, False, None),
    }
    index = next(each for each in odd.indexes if each.name == "by_who")
    assert (index.unique, index.columns, index.leading) == (True, ("parent", "who"), ())
    (key,) = (each for each in catalog.foreign_keys if each.table == "odd")
    assert (key.to_table, key.to_columns, key.on_delete) == ("person", ("id",), "cascade")
    kinds = {table.name: table.kind for table in catalog.tables}
    assert (kinds["looked"], kinds["words"], kinds["words_data"]) == (
        "view",
        "virtual table",
        "part of a virtual table",
    )


def test_a_foreign_key_without_index_is_refused_with_the_statement_to_run(source, shop):
    shop.run("DROP INDEX purchase_person")
    assert [each.code for each in findings(read_catalog(source))] == ["foreign_key_without_index"]
    statement = refusals(source, shop, *DELETE_ALL)["purchase"].partition("Run: ")[2]
    assert statement == 'CREATE INDEX "purchase_person_id" ON "purchase" ("person_id");'
    shop.run(statement)
    assert make_plan(source, shop.datasets, DELETE_ALL, selection=keys_of(1))


def test_what_is_no_date_is_never_older_and_what_differs_in_writing_is_the_same_date(source, shop):
    shop.fill(people=6)
    written = ["2026-01-14", "2026-01-14T23:59:59Z", "2026-01-15T01:00:00+02:00", "in May", 20260101]
    for number, each in enumerate(written, start=1):
        shop.run("UPDATE purchase SET bought_at = %s WHERE id = %s", each, number * 100)
    selection = OlderThan("bought_at", dt.date(2026, 1, 15))
    instruction = Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.NULL),))
    assert make_plan(source, shop.datasets, [instruction], selection=selection).steps[0].expected_count == 3


@pytest.mark.parametrize("stored", ["ama@example.com", "AMA@Example.com", "Ämä@example.com"])
def test_a_mail_address_is_found_however_it_is_written(source, shop, stored):
    shop.fill(people=2, purchases=0)
    shop.run("UPDATE person SET email = %s WHERE id = 2", stored)
    keys = resolve_subject(source, [shop.person], [Identifier("email", stored.swapcase())])
    assert keys.keys_of("person") == (("2",),)


def test_a_row_whose_key_is_empty_is_never_passed_over_in_silence(source, shop, journal):
    shop.run("CREATE TABLE thing (id text PRIMARY KEY, mail text, note text)")
    shop.run("INSERT INTO thing VALUES (NULL, 'a@example.com', 'x'), ('b', 'a@example.com', 'x')")
    shop.run("ALTER TABLE thing ADD at date")
    shop.run("UPDATE thing SET at = '2020-01-01'")
    thing = DatasetSpec("thing", "main", "thing", ("id",), identities=(Identity("mail", "email"),))
    plan = make_plan(
        source, [thing], [Instruction("thing", Action.DELETE)], selection=OlderThan("at", dt.date(2026, 1, 1))
    )
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(1))
    assert (progress.done, list(progress.refused)) == (False, ["thing"])
    assert "is empty" in progress.refused["thing"]


def test_identities_are_streamed_as_plain_text_whatever_their_column_was_declared_as(source, shop):
    shop.run("CREATE TABLE thing (id integer PRIMARY KEY, mail, number numeric)")
    shop.run("INSERT INTO thing VALUES (1, 'ama@example.com', 7), (2, NULL, NULL)")
    thing = DatasetSpec("thing", "main", "thing", ("id",))
    rows = [tuple(row) for batch in stream_identities(source, [thing], "thing", ["mail", "number"]) for row in batch]
    assert rows == [("1", "ama@example.com", "7")]


def test_a_sample_shows_lengths_and_what_the_mask_makes_of_values(source, shop):
    shop.fill(people=1)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=keys_of(1))
    (row,) = masked_sample(source, plan, plan.steps[0], NOBODY_HELD)
    assert {each.column: each.length for each in row}["name"] == len("Name 1")
    assert {each.column: each.after for each in row}["born"] == "1980-01-01"


def test_the_files_own_rules_cannot_call_our_functions(source, shop, journal):
    shop.fill(people=1)
    shop.run("CREATE TRIGGER spy AFTER UPDATE ON person BEGIN SELECT privacy_desk_lower(OLD.name); END")
    progress = run(source, plan_for(source, shop, people=1), journal, SettledWorld(), limits=TWO)
    assert "not safe there" in progress.refused["person"]


def test_a_reading_connection_cannot_write(source, shop):
    with source.connect() as connection, pytest.raises(SourceRefused, match="read-only"):
        connection.rows(text("DELETE FROM person"))
