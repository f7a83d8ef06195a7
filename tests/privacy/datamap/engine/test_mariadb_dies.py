"""A MariaDB that dies in the middle of a commit, on a server of its own: other tests go on with theirs."""

from collections.abc import Iterator

import pytest

from privacy.datamap.engine.executor import run
from privacy.datamap.engine.source import open_source
from tests import mariadb
from tests.privacy.datamap.engine.conftest import MASK_KEY
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import mariadb_login, only
from tests.privacy.datamap.engine.test_crashes import TWO, Crash, CrashingJournal, masked, plan_for

pytestmark = only("mariadb")
FOLDER = "test-mariadb-that-dies"


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    with mariadb_login(FOLDER) as url:
        yield url


def test_the_server_may_die_between_the_two_phases(source, shop, tmp_path, database_url):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method="prepare", time=2, wrote=True)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO)
    dying.close()
    mariadb.restart(FOLDER, crash=True)
    shop.reconnect()
    journal = FileJournal(tmp_path / "journal")
    with open_source(database_url, mask_key=MASK_KEY) as again:
        progress = run(again, plan, journal, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows, masked(shop)) == (True, {"person": 5}, 5)
    journal.close()
