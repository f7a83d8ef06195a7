"""An SQLite file as a source: whose it may be, trying it, discovering it, and a file that goes away."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.urls import reverse

from privacy.datamap.addresses import checked_address
from privacy.datamap.errors import AddressRefused, SourceNotUsable
from privacy.datamap.models import Source, SourceKind
from privacy.datamap.services import check_source, connect_source, discover
from privacy.ledger.actors import SYSTEM
from privacy.tenants.context import organisation_context

SHOP = """
    CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80) UNIQUE, full_name VARCHAR(80), joined DATE);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC);
    CREATE INDEX invoice_customer ON invoice (customer_id);
    INSERT INTO customer VALUES (1, 'ama@example.com', 'Ama Mensah', '2020-01-01');
"""


def make_file(path: Path, script: str = SHOP) -> Path:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as client:
        client.executescript(script)
    return path


@pytest.fixture
def shop(tmp_path, settings) -> Path:
    """A file of alpha's, beside a directory of beta's and one of nobody's."""
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path / "alpha"], "beta": [tmp_path / "beta"]}
    for each in ("beta", "nobody"):
        make_file(tmp_path / each / "shop.db")
    return make_file(tmp_path / "alpha" / "shop.db")


def address_of(path: object) -> str:
    return f"sqlite:///{path}"


def refused(path: object) -> str:
    with pytest.raises(AddressRefused) as error:
        checked_address(address_of(path))
    return str(error.value)


def test_a_file_of_the_organisations_own_directory_is_connected_discovered_and_checked(alpha, shop):
    source = connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    assert (source.kind, source.server_version.startswith("SQLite 3.")) == (SourceKind.SQLITE, True)
    discover(source=source, actor=SYSTEM)
    ways = {each.table_name: each.parent and each.parent.table_name for each in source.datasets.all()}
    assert ways == {"customer": None, "invoice": "customer"}
    identities = source.datasets.get(table_name="customer").fields.exclude(identifier_kind="")
    assert {field.column: field.identifier_kind for field in identities} == {"email": "email"}
    report = check_source(source=source)
    assert (report.reachable, report.tables, report.findings, report.problem) == (True, 2, (), "")


def test_an_organisation_reaches_its_own_directory_and_no_other(alpha, beta, shop, tmp_path):
    assert checked_address(address_of(shop)) == address_of(shop)
    told = {refused(tmp_path / each / "shop.db") for each in ("beta", "nobody", "missing")}
    with organisation_context(beta):
        assert checked_address(address_of(tmp_path / "beta" / "shop.db"))
        told.add(refused(shop))
    assert len(told) == 1  # one sentence for all, which does not say which files there are


def test_links_and_dots_do_not_lead_out_of_the_directory(alpha, shop, tmp_path):
    theirs, directory = tmp_path / "beta" / "shop.db", shop.parent
    (directory / "soft.db").symlink_to(theirs)
    os.link(theirs, directory / "hard.db")
    (directory / "inside.db").symlink_to(shop)
    for path in (directory / "soft.db", directory / "hard.db", directory / ".." / "beta" / "shop.db"):
        assert "opened for your organisation" in refused(path)
    assert checked_address(address_of(directory / "inside.db")) == address_of(shop)


def test_a_directory_inside_of_another_organisations_or_of_the_portals_is_nobodys(alpha, shop, settings, tmp_path):
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [shop.parent], "beta": [tmp_path]}
    assert refused(shop)
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [shop.parent]}
    assert checked_address(address_of(shop))
    settings.PORTAL_DIRECTORIES = [tmp_path]
    assert refused(shop)


def test_what_is_no_sqlite_file_is_refused(alpha, shop):
    (shop.parent / "letter.db").write_bytes(b"Dear Ama, " * 999)
    with pytest.raises(SourceNotUsable, match="no SQLite database") as error:
        connect_source(name="Shop", address=address_of(shop.parent / "letter.db"), actor=SYSTEM)
    assert (error.value.code, Source.objects.count()) == ("source_refused", 0)
    (shop.parent / "empty.db").touch()
    assert refused(shop.parent / "empty.db")


def test_asking_whose_a_file_is_leaves_the_locks_of_sqlite_in_place(alpha, shop):
    """A lock that this process holds would be lost if the file were opened and closed beside SQLite."""
    probe = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"

    def is_locked() -> bool:
        found = subprocess.run([sys.executable, "-c", probe, shop], capture_output=True, text=True, check=False)
        return "database is locked" in found.stderr

    with closing(sqlite3.connect(shop, isolation_level=None)) as client:
        client.execute("BEGIN IMMEDIATE")
        assert checked_address(address_of(shop))
        assert is_locked()
        client.execute("ROLLBACK")
        assert not is_locked()


def test_directories_pipes_and_other_ways_of_writing_are_refused(alpha, shop):
    os.mkfifo(shop.parent / "pipe")
    for path in (shop.parent, shop.parent / "pipe", f"{shop}?mode=memory", f"{shop}#x", f"file:{shop}", ":memory:", ""):
        assert refused(path)
    with pytest.raises(AddressRefused):
        checked_address(f"sqlite://{shop}")


def test_without_a_directory_no_file_is_a_source(alpha, shop, settings):
    settings.SQLITE_SOURCE_DIRECTORIES = {}
    assert "ask an operator" in refused(shop)


def test_a_file_that_cannot_be_written_is_not_connected(alpha, shop):
    with shop.open("r+b") as file:
        file.seek(18)
        file.write(b"\3")  # the format's own way to say "read only"
    with pytest.raises(SourceNotUsable, match="read-only") as error:
        connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    assert (error.value.code, Source.objects.count()) == ("source_read_only", 0)


def test_a_file_without_tables_is_not_connected(alpha, shop):
    empty = make_file(shop.parent / "empty.db", "PRAGMA user_version = 1")
    with pytest.raises(SourceNotUsable) as error:
        connect_source(name="Shop", address=address_of(empty), actor=SYSTEM)
    assert error.value.code == "no_tables"


def test_a_file_that_goes_away_or_is_closed_to_us_is_remembered_as_such(alpha, shop, settings):
    source = connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    settings.SQLITE_SOURCE_DIRECTORIES = {"beta": [shop.parent]}
    assert check_source(source=source).problem == "source_unreachable"
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [shop.parent]}
    assert check_source(source=source).problem == ""
    shop.unlink()
    report = check_source(source=source)
    source.refresh_from_db()
    assert (report.reachable, source.problem, shop.exists()) == (False, "source_unreachable", False)


def test_an_officer_connects_a_file_and_is_told_why_another_is_refused(officer_client, shop, tmp_path):
    client = officer_client
    add = reverse("officer:datamap_source_add")
    answer = client.post(add, {"name": "Theirs", "address": address_of(tmp_path / "beta" / "shop.db")})
    assert "opened for your organisation" in answer.content.decode()
    answer = client.post(add, {"name": "Shop", "address": address_of(shop)}, follow=True)
    assert "Connected." in answer.content.decode()
    assert str(shop) not in answer.content.decode()
