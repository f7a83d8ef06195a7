"""What only MariaDB has: two phases of a commit, collations, columns set on update, tables without transactions."""

import datetime as dt

import pytest
from sqlalchemy.engine import make_url

from privacy.datamap.engine.dialects.base import Outcome
from privacy.datamap.engine.errors import OutcomePending
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.introspect import complete, findings, read_catalog
from privacy.datamap.engine.journal import ChunkState
from privacy.datamap.engine.masks import ColumnMask, Family, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.protecting import Protected, protected_by
from privacy.datamap.engine.selection import Identifier, OlderThan, Protection
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import Condition, DatasetSpec, Identity
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person
from tests.privacy.datamap.engine.test_crashes import TWO, Crash, CrashingJournal, masked, plan_for
from tests.privacy.datamap.engine.test_planner import keys_of, mask, refusals

pytestmark = only("mariadb")


def prepared_elsewhere(shop) -> list[str]:
    names = [row[-1] for row in shop.rows("XA RECOVER")]
    return [name.decode() if isinstance(name, bytes) else name for name in names]


def test_a_change_the_journal_knows_of_waits_in_the_source_until_somebody_takes_the_run_up(source, shop, tmp_path):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method="prepare", time=1, wrote=True)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO)
    (chunk,) = dying.chunks()
    dying.close()
    assert chunk.transaction_id in prepared_elsewhere(shop)
    journal = FileJournal(tmp_path / "journal")
    assert run(source, plan, journal, SettledWorld(), limits=TWO).rows == {"person": 5}
    assert journal.chunks()[0].note == "rolled back after a restart"
    assert chunk.transaction_id not in prepared_elsewhere(shop)
    journal.close()


@pytest.mark.parametrize("wrote", [False, True])
@pytest.mark.parametrize("method", ["take_back", "void"])
def test_who_dies_while_rolling_back_leaves_no_row_counted_that_was_not_changed(source, shop, tmp_path, method, wrote):
    shop.fill(people=5)
    shop.count_touches()
    plan = plan_for(source, shop)
    seams = (("prepare", True), (method, wrote))
    for seam, did_write in seams:
        dying = CrashingJournal(tmp_path / "journal", method=seam, time=1, wrote=did_write)
        with pytest.raises(Crash):
            run(source, plan, dying, SettledWorld(), limits=TWO)
        dying.close()
    journal = FileJournal(tmp_path / "journal")
    assert run(source, plan, journal, SettledWorld(), limits=TWO).rows == {"person": 5}
    assert shop.rows("SELECT count(*), count(DISTINCT id) FROM touched") == [(5, 5)]
    names = {chunk.transaction_id for chunk in journal.chunks()}
    assert (len(names) > 1, names & set(prepared_elsewhere(shop))) == (True, set())
    journal.close()


def test_a_change_the_journal_was_not_told_of_leaves_nothing_behind(source, shop, tmp_path):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method="intend", time=1, wrote=True)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO)
    (chunk,) = dying.chunks()
    assert (chunk.state, chunk.transaction_id != "") == (ChunkState.INTENDED, True)
    assert chunk.transaction_id not in prepared_elsewhere(shop)
    dying.close()


def test_as_long_as_the_session_lives_nothing_is_decided(source, shop, tmp_path):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method="prepare", time=1, wrote=True)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO)
    (chunk,) = dying.chunks()
    dying.close()
    limits = Limits(first_window=2, smallest_window=2, largest_window=2, outcome_wait_seconds=0.3)
    journal = FileJournal(tmp_path / "journal")
    with shop.locking(f"SELECT GET_LOCK('{chunk.transaction_id}', 0)"):
        with pytest.raises(OutcomePending):
            run(source, plan, journal, SettledWorld(), limits=limits)
        assert (masked(shop), journal.chunks()) == (0, [chunk])
    assert run(source, plan, journal, SettledWorld(), limits=limits).rows == {"person": 5}
    journal.close()


def test_an_id_that_is_none_of_ours_is_unknown(source, shop):
    with source.connect() as connection:
        assert connection.outcome("999999999999") is Outcome.UNKNOWN


def test_a_collation_neither_finds_nor_scopes_nor_masks_another_person(source, shop):
    shop.run("CREATE TABLE club (id int PRIMARY KEY, org varchar(9), mail varchar(60), code varchar(9), note text)")
    shop.run(
        "INSERT INTO club VALUES (1, 'a', 'Ama@example.com', 'x1', 'gone'), (2, 'A', 'ama@example.com', 'x1', 'raw'),"
        " (3, 'a', 'amá@example.com', 'X1', 'GONE'), (4, 'a', 'ama@example.com ', 'x1 ', 'Gone')"
    )
    identities = (Identity("mail", "email"), Identity("code", "customer_id"))
    club = DatasetSpec("club", shop.schema, "club", ("id",), (Condition("org", "=", "a"),), identities)

    def found(kind, value):
        return resolve_subject(source, [club], [Identifier(kind, value)]).keys_of("club")

    assert found("email", "AMA@example.com") == (("1",),)
    assert found("customer_id", "x1") == (("1",),)
    everyone = resolve_subject(
        source, [club], [Identifier("email", "amá@example.com"), Identifier("customer_id", "x1")]
    )
    note = Instruction("club", Action.MASK, (ColumnMask("note", Strategy.CONSTANT, {"value": "gone"}),))
    assert make_plan(source, [club], [note], selection=everyone).steps[0].expected_count == 1


def test_a_mask_is_no_sign_of_life(source, shop):
    shop.run(
        "ALTER TABLE person ADD touched timestamp NOT NULL DEFAULT '2020-01-01 00:00:00' ON UPDATE CURRENT_TIMESTAMP"
    )
    shop.fill(people=2)
    journal = FileJournal(":memory:")
    plan = make_plan(source, shop.datasets, [mask_person()], selection=keys_of(1, 2))
    assert run(source, plan, journal, SettledWorld(), limits=TWO).rows == {"person": 2}
    journal.close()
    assert shop.rows("SELECT DISTINCT touched FROM person") == [(dt.datetime(2020, 1, 1),)]
    shop.run("UPDATE person SET status = 'back'")
    assert shop.rows("SELECT count(*) FROM person WHERE touched > '2020-01-01'") == [(2,)]


def test_a_zero_date_is_no_date_and_never_older(source, shop):
    shop.fill(people=2)
    shop.run("SET SESSION sql_mode = ''")
    shop.run("UPDATE person SET left_on = '0000-00-00' WHERE id = 2")
    plan = make_plan(source, shop.datasets, [mask_person()], selection=OlderThan("left_on", dt.date(2026, 6, 1)))
    assert plan.steps[0].expected_count == 1


def test_a_table_without_transactions_is_told_of_and_refused(source, shop):
    shop.run("CREATE TABLE scrap (id int PRIMARY KEY, mail varchar(60)) ENGINE=MyISAM")
    told = [each.code for each in findings(read_catalog(source)) if each.where == f"{shop.schema}.scrap"]
    assert told == ["no_transactions"]
    scrap = DatasetSpec("scrap", shop.schema, "scrap", ("id",), identities=(Identity("mail", "email"),))
    words = refusals(source, shop, Instruction("scrap", Action.DELETE), datasets=[scrap])
    assert "cannot take a change back" in words["scrap"]
    shop.run("INSERT INTO scrap VALUES (1, 'ama@example.com')")
    ama = resolve_subject(source, [scrap], [Identifier("email", "ama@example.com")])
    kept = make_plan(source, [scrap], [Instruction("scrap", Action.KEEP)], selection=ama)
    assert [step.expected_count for step in kept.steps] == [1]


def test_missing_privileges_are_named(source, shop, database_url):
    login = f"weak_{shop.schema}"
    shop.run(f"CREATE USER {login}@'127.0.0.1' IDENTIFIED BY 'k'")
    try:
        shop.run(f"GRANT SELECT, UPDATE (name) ON {shop.schema}.person TO {login}@'127.0.0.1'")
        shop.run(f"GRANT SELECT, DELETE ON {shop.schema}.line TO {login}@'127.0.0.1'")
        shop.run(f"GRANT SELECT ON {shop.schema}.purchase TO {login}@'127.0.0.1'")
        with open_source(make_url(database_url).set(username=login, password="k"), mask_key=b"k" * 32) as weak:
            assert "may not change born, city, email, ip, phone" in refusals(weak, shop, mask_person())["person"]
            assert make_plan(weak, shop.datasets, [mask("name", Strategy.NULL)], selection=keys_of(1))
            assert "may not see" in refusals(weak, shop, Instruction("line", Action.DELETE))["line"]
        shop.run(f"GRANT SELECT ON {shop.schema}.* TO {login}@'127.0.0.1'")
        with open_source(make_url(database_url).set(username=login, password="k"), mask_key=b"k" * 32) as weak:
            assert "may not delete" in refusals(weak, shop, Instruction("purchase", Action.DELETE))["purchase"]
        shop.run(f"GRANT DELETE ON `{shop.schema.replace('_', chr(92) + '_')}`.* TO {login}@'127.0.0.1'")
        with open_source(make_url(database_url).set(username=login, password="k"), mask_key=b"k" * 32) as weak:
            assert make_plan(weak, shop.datasets, DELETE_ALL, selection=keys_of(1))
    finally:
        shop.run(f"DROP USER {login}@'127.0.0.1'")


def test_columns_are_read_as_they_are(source, shop):
    shop.run(
        "CREATE TABLE odd (id int PRIMARY KEY, data json, kind enum('a', 'b'), twice int AS (id * 2) STORED,"
        " big bigint unsigned, old varchar(9) CHARACTER SET latin1 COLLATE latin1_bin)"
    )
    shop.run("CREATE VIEW seen AS SELECT * FROM odd")
    catalog = read_catalog(source)
    odd = {column.name: column for column in catalog.table(shop.schema, "odd").columns}
    assert {name: (column.family, column.type, column.generated) for name, column in odd.items()} == {
        "id": (Family.NUMBER, "int", False),
        "data": (Family.OTHER, "json", False),
        "kind": (Family.OTHER, "enum", False),
        "twice": (Family.NUMBER, "int", True),
        "big": (Family.NUMBER, "bigint unsigned", False),
        "old": (Family.TEXT, "varchar", False),
    }
    assert odd["old"].declared_type == "varchar(9) character set latin1 collate latin1_bin"
    assert catalog.table(shop.schema, "seen").kind == "view"


def test_a_window_of_a_composite_key_is_a_range_of_its_index(source, shop):
    shop.fill(people=1)
    shop.run("INSERT INTO line SELECT 100, n + 10, 7, 'x' FROM " + shop.numbers(2000))
    shop.run("ANALYZE TABLE line")
    line = DatasetSpec("line", shop.schema, "line", ("purchase_id", "number"))
    described = complete(line, read_catalog(source))
    table = Predicates([described], source.dialect, source.mask_key).table("line")
    bounds = source.dialect.between(table.key, table.key_columns, ("100", "50"), ("100", "60"))
    statement = table.delete(*bounds).compile(source.engine, compile_kwargs={"literal_binds": True})
    ((_, _, _, kind, _, index, length, _, rows, _),) = shop.rows(f"EXPLAIN {statement}")
    assert (kind, index, length, int(rows) <= 11) == ("range", "PRIMARY", "8", True)


def test_a_protecting_date_that_stands_for_no_time_is_unknown(source, shop):
    shop.fill(people=2)
    shop.run("ALTER TABLE purchase MODIFY bought_at timestamp NOT NULL DEFAULT '2026-01-15 12:00:00'")
    edge = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    purchases = Instruction("purchase", Action.DELETE, unless=(Protection("books", OlderThan("bought_at", edge)),))
    lines = Instruction("line", Action.DELETE)

    def newest():
        plan = make_plan(source, shop.datasets, [purchases, lines], selection=keys_of(1, 2))
        (step,) = (each for each in plan.steps if each.key == "purchase")
        return protected_by(source, plan, step, step.unless[0])

    assert newest() == Protected(2, dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC))
    shop.run("SET sql_mode = ''")
    shop.run("UPDATE purchase SET bought_at = '0000-00-00 00:00:00' WHERE id = 200")
    assert newest() == Protected(2, None)


def test_a_constant_fits_a_column_only_if_its_character_set_has_all_its_letters(source, shop):
    shop.run("ALTER TABLE person ADD old varchar(20) CHARACTER SET latin1")
    assert make_plan(source, shop.datasets, [mask("old", Strategy.CONSTANT, value="gelöscht")], selection=keys_of(1))
    refused = refusals(source, shop, mask("old", Strategy.CONSTANT, value="已删除"))
    assert "does not fit" in refused["person.old"]


@pytest.mark.parametrize(
    "charset",
    [
        "latin1",
        "latin1 COLLATE latin1_german1_ci",
        "latin1 COLLATE latin1_bin",
        "cp1250",
        "ascii",
        "utf8mb3",
        "utf8mb4",
    ],
)
def test_a_person_is_found_though_the_column_cannot_hold_every_form_of_their_number(source, shop, charset):
    number = "K7" if charset == "ascii" else "Ké7"
    shop.run(f"CREATE TABLE client (id int PRIMARY KEY, number varchar(20) CHARACTER SET {charset})")
    shop.run(f"INSERT INTO client VALUES (1, '{number}'), (2, 'Ke7'), (3, 'K?7'), (4, 'Ke?7')")
    client = DatasetSpec("client", shop.schema, "client", ("id",), identities=(Identity("number", "customer_id"),))
    forms = ["Ｋé7", number, "Ｋe\u03017", "Ke\u03017", "ΩЖ"]
    found = resolve_subject(source, [client], [Identifier("customer_id", each) for each in forms])
    assert [(root.dataset, root.keys) for root in found.roots] == [("client", (("1",),))]
    assert resolve_subject(source, [client], [Identifier("customer_id", "ΩЖ")]).roots == ()
