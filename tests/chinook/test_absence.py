"""Where Chinook is not beside the project, its tests are skipped, and fail where it has to be there."""

import shutil

import pytest

from tests.chinook.databases import MYSQL, POSTGRESQL, demand_scripts


@pytest.fixture
def folder(tmp_path):
    """With both scripts."""
    for script in (POSTGRESQL, MYSQL):
        (tmp_path / script.name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("required", "outcome"), [("", pytest.skip.Exception), ("0", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_a_script_that_is_absent_is_told_and_fails_the_test_where_it_must_be_there(
    folder, monkeypatch, required, outcome
):
    monkeypatch.setenv("PRIVACY_DESK_REQUIRE_SAMPLES", required)
    demand_scripts(folder)
    (folder / MYSQL.name).unlink()
    with pytest.raises(outcome, match=f"shared/data/chinook beside the project: no {MYSQL.name}$"):
        demand_scripts(folder)
    shutil.rmtree(folder)
    with pytest.raises(outcome, match=f": no {POSTGRESQL.name} and no {MYSQL.name}$"):
        demand_scripts(folder)
