"""No personal value leaves by an error or a journal; and no statement leaves out the scope."""

import ast
import datetime as dt
import traceback
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

import privacy.datamap.engine as engine
from privacy.datamap.engine.errors import EngineError, SourceRefused, SourceUnreachable
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.introspect import complete, read_catalog
from privacy.datamap.engine.journal import Chunk
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import Held, Identifier, OlderThan, RootKeys, SubjectKeys
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import Condition, DatasetSpec
from privacy.datamap.engine.statements import StepStatements
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person

SECRET = "ama.mensah"
SOURCES = sorted(Path(engine.__file__).parent.rglob("*.py"))


def keys_for(source, shop):
    return resolve_subject(source, shop.datasets, [Identifier("email", f"{SECRET}@example.com")])


@pytest.fixture
def ama(shop):
    shop.fill(people=3)
    shop.run("UPDATE person SET email = %s WHERE id = 2", f"{SECRET}@example.com")
    return shop


BREAKAGES = {
    "a check constraint": "ALTER TABLE person ADD CONSTRAINT own_words CHECK (email NOT LIKE 'erased%%')",
    "a unique index": "UPDATE person SET city = id WHERE id > 1; CREATE UNIQUE INDEX one_place ON person (upper(city))",
    "a trigger": "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RAISE EXCEPTION ''not %%'', OLD.email; END'; CREATE TRIGGER no BEFORE UPDATE ON person"
    " FOR EACH ROW EXECUTE FUNCTION no()",
    "a column that is gone": "ALTER TABLE person DROP COLUMN phone",
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_an_error_of_the_source_holds_no_value_of_a_row(source, ama, breakage, database_url):
    keys = keys_for(source, ama)
    plan = make_plan(source, ama.datasets, [mask_person()], selection=keys)
    ama.run("UPDATE person SET city = 'ERASED' WHERE id = 1")
    ama.run(BREAKAGES[breakage].replace("%%", "%"))
    journal = FileJournal(":memory:")
    with pytest.raises(EngineError) as refused:
        run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    shown = "".join(traceback.format_exception(refused.value))
    assert isinstance(refused.value, SourceRefused)
    assert not refused.value.retryable
    for text in (shown, journal.text(), repr(plan.public_data())):
        assert SECRET not in text
        assert "example.com" not in text
    journal.close()


def test_the_search_for_the_value_would_find_it_where_it_is(source, ama):
    with pytest.raises(psycopg.errors.UniqueViolation, match=SECRET):
        ama.run("INSERT INTO person (id, organisation_id, email) VALUES (99, 7, %s)", f"{SECRET}@example.com")
    assert [row for row in ama.snapshot("person", 7) if SECRET in row[0]] != []


def test_identifiers_and_keys_are_not_shown_by_repr(source, ama):
    identifier = Identifier("email", f"{SECRET}@example.com")
    assert SECRET not in repr(Held(identifiers=(identifier,), roots=(RootKeys("person", ((SECRET,),)),)))
    assert identifier.value == f"{SECRET}@example.com"


def test_an_unreachable_source_is_retryable_and_keeps_its_password(database_url):
    nowhere = open_source("postgresql://someone:hunter2@127.0.0.1:1/none", mask_key=b"k" * 32)
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
                ama.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND application_name = 'privacy-desk'"
                )

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
                for statement in (statements.change(chunk, held), statements.count_left(chunk, held)):
                    text = str(statement.compile(dialect=source.engine.dialect))
                    tables = text.count(f'FROM "{shop.schema}".') + text.count(f'UPDATE "{shop.schema}".')
                    assert tables >= 1
                    assert text.count('"organisation_id" = CAST') == tables


@pytest.mark.parametrize("name", ['we"ird', "per%cent", "a:b", "select", "Ümläut ", "x); DROP TABLE person; --"])
def test_odd_names_of_tables_and_columns_are_only_names(source, shop, name):
    table, column = sql.Identifier(name), sql.Identifier("c" + name)
    shop.run(sql.SQL("CREATE TABLE {} (id int PRIMARY KEY, {} text, at date)").format(table, column))
    shop.run(sql.SQL("INSERT INTO {} VALUES (1, 'Ama', '2020-01-01'), (2, 'Kofi', '2030-01-01')").format(table))
    scope = (Condition("c" + name, "!=", "%s ' :x"),)
    dataset = DatasetSpec("odd", shop.schema, name, ("id",), scope)
    masks = (ColumnMask("at", Strategy.GENERALISE_DATE, {"to": "year"}),)
    selection = OlderThan("at", dt.date(2040, 1, 1))
    shop.run(sql.SQL("UPDATE {} SET at = at + 40").format(table))
    plan = make_plan(source, [dataset], [Instruction("odd", Action.MASK, masks)], selection=selection)
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).rows == {"odd": 2}
    journal.close()
