"""No personal value leaves by an error or a journal; and no statement leaves out the scope."""

import ast
import datetime as dt
import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import psycopg
import pymysql
import pytest

import privacy.datamap.engine as engine
from privacy.datamap.engine.errors import SourceRefused, SourceUnreachable
from privacy.datamap.engine.executor import Progress, RunState, run
from privacy.datamap.engine.introspect import complete, read_catalog
from privacy.datamap.engine.journal import Chunk, Permission
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import Held, Identifier, OlderThan, RootKeys, SubjectKeys
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import Condition, DatasetSpec
from privacy.datamap.engine.statements import StepStatements
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, Shop, mask_person

SECRET = "ama.mensah"
SOURCES = sorted(Path(engine.__file__).parent.rglob("*.py"))


def keys_for(source, shop):
    return resolve_subject(source, shop.datasets, [Identifier("email", f"{SECRET}@example.com")])


@pytest.fixture
def ama(shop):
    shop.fill(people=3)
    shop.run("UPDATE person SET email = %s WHERE id = 2", f"{SECRET}@example.com")
    return shop


def masking(source, ama) -> Plan:
    return make_plan(source, ama.datasets, [mask_person()], selection=keys_for(source, ama))


def holding(_step, _asked) -> Permission:
    """Somebody else is held, so that statements carry a value among their parameters."""
    return Permission(True, held=Held(identifiers=(Identifier("email", f"{SECRET}@example.com.gh"),)))


def break_it(ama, breakage: str) -> None:
    ama.run("UPDATE person SET city = 'ERASED' WHERE id = 1")
    for statement in ama.breakages[breakage]:
        ama.run(statement)


@pytest.fixture
def journal():
    made = FileJournal(":memory:")
    yield made
    made.close()


@pytest.fixture
def told(source, ama, journal, caplog) -> Callable[[], tuple[Progress, str]]:
    """Carries a plan out that the source will refuse; what came of it, and all that was said and written."""
    plan = masking(source, ama)
    caplog.set_level(logging.DEBUG)

    def carry_out() -> tuple[Progress, str]:
        progress = run(source, plan, journal, SettledWorld(holding), limits=Limits.fixed(2))
        assert journal.chunks() != []
        return progress, "\n".join((repr(progress), journal.text(), caplog.text, repr(plan.public_data())))

    return carry_out


@pytest.mark.parametrize("breakage", Shop.REFUSED)
def test_what_a_source_refuses_is_recorded_without_a_value_of_a_row(ama, told, breakage):
    break_it(ama, breakage)
    progress, said = told()
    assert (progress.state, list(progress.refused)) == (RunState.REFUSED, ["person"])
    assert (SECRET in said, "example.com" in said) == (False, False)


def test_the_search_would_find_a_value_in_what_is_recorded(source, ama, told, monkeypatch):
    break_it(ama, "a trigger")

    def quote(_self, error, *, doing):
        return SourceRefused(f"{doing}: {error.orig}")

    monkeypatch.setattr(type(source.dialect), "words_for", quote)
    progress, said = told()
    assert (SECRET in progress.refused["person"], SECRET in said) == (True, True)


def test_an_error_that_is_raised_holds_no_value_of_a_row(source, ama, journal, caplog):
    caplog.set_level(logging.DEBUG)
    plan = masking(source, ama)
    ama.run("ALTER TABLE person DROP COLUMN phone")
    with pytest.raises(SourceRefused, match="column of the data map no longer exists") as refused:
        run(source, plan, journal, SettledWorld(holding), limits=Limits.fixed(2))
    assert not refused.value.retryable
    said = "".join(traceback.format_exception(refused.value)) + journal.text() + caplog.text
    assert (SECRET in said, "example.com" in said) == (False, False)


def test_the_search_for_the_value_would_find_it_where_it_is(source, ama):
    with pytest.raises((psycopg.errors.UniqueViolation, pymysql.err.IntegrityError), match=SECRET):
        ama.run("INSERT INTO person (id, organisation_id, email) VALUES (99, 7, %s)", f"{SECRET}@example.com")
    assert [row for row in ama.snapshot("person", 7) if SECRET in str(row)] != []


def test_identifiers_and_keys_are_not_shown_by_repr(source, ama):
    identifier = Identifier("email", f"{SECRET}@example.com")
    assert SECRET not in repr(Held(identifiers=(identifier,), roots=(RootKeys("person", ((SECRET,),)),)))
    assert identifier.value == f"{SECRET}@example.com"


@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "mariadb"])
def test_an_unreachable_source_is_retryable_and_keeps_its_password(scheme):
    nowhere = open_source(f"{scheme}://someone:hunter2@127.0.0.1:1/none", mask_key=b"k" * 32)
    with pytest.raises(SourceUnreachable) as refused, nowhere.connect():
        pass
    assert refused.value.retryable
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))


def test_a_connection_that_breaks_in_the_middle_is_retryable_and_the_run_goes_on_later(source, ama):
    plan = make_plan(source, ama.datasets, DELETE_ALL, selection=keys_for(source, ama))

    class Cut(FileJournal):
        cut = False

        def prepare(self, chunk):
            super().prepare(chunk)
            if not self.cut:
                self.cut = True
                ama.end_connections()

    journal = Cut(":memory:")
    with pytest.raises(SourceUnreachable):
        run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    assert (progress.done, progress.rows) == (True, {"line": 2, "purchase": 1, "person": 1})
    journal.close()


def test_only_one_module_makes_statements():
    makers = {"select", "update", "delete", "insert", "exists"}
    importing = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            from_sqlalchemy = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
            if from_sqlalchemy and makers & {alias.name for alias in node.names}:
                importing.add(path.name)
    assert importing == {"scoped.py"}


def test_the_engine_knows_no_django():
    assert len(SOURCES) > 20
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert [name for name in names if name.startswith("django")] == []


def test_every_statement_about_a_table_names_its_scope_wherever_the_table_stands(source, shop):

    catalog = read_catalog(source)
    datasets = [complete(dataset, catalog) for dataset in shop.datasets]
    predicates = Predicates(datasets, source.dialect, source.mask_key)
    held = Held(identifiers=(Identifier("email", "x@example.com"),), roots=(RootKeys("person", (("5",),)),))
    label = (ColumnMask("label", Strategy.NULL),)
    line = datasets[2]
    selections = [
        SubjectKeys((RootKeys("person", (("1",),)),)),
        OlderThan("bought_at", dt.date(2026, 1, 1), path=line.paths[0][:1]),
    ]
    for selection in selections:
        for action, masks in ((Action.MASK, label), (Action.DELETE, ())):
            step = Step("line", "line", action, selection, masks=masks)
            statements = StepStatements(predicates, source.dialect, step)
            for skips in (False, True):
                chunk = Chunk("line", 1, 1, ("1", "1"), ("2", "2"), None, 2, skips_locked=skips)
                change = statements.change(chunk, held)
                changing = change.statement if change.of_keys is None else change.of_keys([("1", "1")])
                for statement in filter(
                    lambda each: each is not None, (changing, change.free, statements.count_left(chunk, held))
                ):
                    text = str(statement.compile(dialect=source.engine.dialect))
                    tables = sum(text.count(f"{word} {shop.name(shop.schema)}.") for word in ("FROM", "UPDATE"))
                    assert tables >= 1
                    assert text.count(f"{shop.name('organisation_id')} = ") == tables


@pytest.mark.parametrize("name", ['we"ird', "per%cent", "a:b", "select", " Ümläut", "x); DROP TABLE person; --"])
def test_odd_names_of_tables_and_columns_are_only_names(source, shop, name):
    table, column = shop.name(name), shop.name("c" + name)
    if '"' in name and shop.quote == "`":
        table, column = shop.name(name.replace('"', "`")), shop.name("c" + name.replace('"', "`"))
        name = name.replace('"', "`")
    shop.run(f"CREATE TABLE {table} (id int PRIMARY KEY, {column} varchar(20), at date)")
    shop.run(f"INSERT INTO {table} VALUES (1, 'Ama', '2020-02-01'), (2, 'Kofi', '2030-02-01')")
    scope = (Condition("c" + name, "!=", "%s ' :x"),)
    dataset = DatasetSpec("odd", shop.schema, name, ("id",), scope)
    masks = (ColumnMask("at", Strategy.GENERALISE_DATE, {"to": "year"}),)
    selection = OlderThan("at", dt.date(2040, 1, 1))
    plan = make_plan(source, [dataset], [Instruction("odd", Action.MASK, masks)], selection=selection)
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).rows == {"odd": 2}
    journal.close()
