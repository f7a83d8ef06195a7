"""A rule over a table of MariaDB whose names are as long as MariaDB lets them be."""

from datetime import UTC, datetime, timedelta

from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from retention.enums import RunState
from retention.models import Rule
from retention.services import save_rule, start_rule_run
from tests import mariadb
from tests.sources import work

TABLE, COLUMN = "t" * 64, "c" * 64


def test_rows_of_a_table_with_the_longest_names_are_deleted_when_they_are_due(alpha):
    now = datetime.now(UTC)
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id int PRIMARY KEY, {COLUMN} date)")
        for number, days in enumerate((29, 31)):
            cursor.execute(f"INSERT INTO {TABLE} VALUES ({number}, %s)", (now - timedelta(days=days),))
        source = connect_source(name="Shop", address=address, actor=SYSTEM)
        discover(source=source, actor=SYSTEM)
        dataset = source.datasets.get()
        dataset.fields.update(category="business")
        confirm_dataset(dataset=dataset, actor=SYSTEM)
        rule = Rule(
            name="Old", dataset=dataset, start_dataset=dataset, start_column=COLUMN, amount=30, action="delete",
            legal_reason="Nobody needs them", is_active=True,
        )  # fmt: skip
        run = start_rule_run(rule=save_rule(rule=rule, actor=SYSTEM), actor=SYSTEM)
        work(run.pk)
        run.refresh_from_db()
        cursor.execute(f"SELECT id FROM {TABLE}")
        assert (run.state, run.steps.get().table, cursor.fetchall()) == (RunState.COMPLETED, dataset.key, ((0,),))
