"""A database is tried before it is connected: the rights are right, or the officer is told which statements help."""

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.engine import make_url

from privacy.datamap.models import Source
from privacy.datamap.services.trying import try_address
from privacy.ledger.models import LedgerEntry
from tests import mariadb
from tests.privacy.datamap.test_mariadb_source import shop_address
from tests.privacy.datamap.test_sources import shop
from tests.sources import address_of, change

__all__ = ["shop", "shop_address"]
PAGE = "/officer/datamap/source/add/"


@pytest.fixture
def login(shop):
    """A login without any right; its name, and the address under which it connects."""
    name = f"desk_{conninfo_to_dict(shop)['dbname']}"
    change(shop, f"CREATE ROLE {name} LOGIN PASSWORD 'k'")
    yield name, address_of(shop).replace("user=postgres", f"user={name}")
    change(shop, f"DROP OWNED BY {name}; DROP ROLE {name}")


def run(dsn: str, statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements.splitlines():
            connection.execute(statement)


def test_the_statements_that_are_shown_give_exactly_what_is_lacking(alpha, shop, login):
    name, address = login
    change(shop, f"GRANT USAGE ON SCHEMA public TO {name}; GRANT SELECT ON client, staff TO {name}")
    before = try_address(address=address)
    assert dict(before.missing)["public.client"] == ("UPDATE", "DELETE")
    assert dict(before.missing)["public.order"] == ("SELECT", "UPDATE", "DELETE")
    assert (before.fits, before.excessive) == (False, ())
    run(shop, before.grants)
    after = try_address(address=address)
    assert (after.missing, after.excessive, after.fits) == ((), (), True)


def test_too_many_rights_are_named_and_a_login_of_its_own_has_just_enough(alpha, shop, login):
    name, address = login
    change(shop, f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}; GRANT CREATE ON SCHEMA public TO {name}")
    found = try_address(address=address)
    assert (found.fits, found.missing) == (False, ())
    assert [words.split(" (")[0] for words in found.excessive] == [
        "CREATE TABLE", "INSERT", "REFERENCES", "TRIGGER", "TRUNCATE",
    ]  # fmt: skip
    change(shop, f"DROP OWNED BY {name}; DROP ROLE {name}")
    run(shop, found.own_login.replace("privacy_desk", name).replace("choose a password", "k"))
    assert try_address(address=address).fits


def test_a_superuser_and_another_database_are_too_much(alpha, shop, login):
    assert try_address(address=address_of(shop)).excessive == ("SUPERUSER",)
    name, address = login
    run(shop, f"GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    assert try_address(address=address).excessive == ()
    change(shop, f"GRANT CONNECT ON DATABASE postgres TO {name}")
    assert try_address(address=address).excessive == ("OTHER DATABASES (postgres)",)
    change(make_conninfo(shop, dbname="postgres"), f"REVOKE CONNECT ON DATABASE postgres FROM {name}")


def test_the_same_in_mariadb(alpha, shop_address):
    url = make_url(shop_address)
    ours, login = url.database, f"{url.username}@'127.0.0.1'"
    assert try_address(address=shop_address).fits
    with mariadb.connection(mariadb.address()) as client, client.cursor() as cursor:
        cursor.execute(f"REVOKE DELETE ON {ours}.* FROM {login}")
        cursor.execute(f"GRANT CREATE, INSERT ON {ours}.* TO {login}")
        cursor.execute(f"GRANT SELECT ON mysql.* TO {login}")
        found = try_address(address=shop_address)
        assert found.excessive == ("OTHER DATABASES (mysql)", f"CREATE ({ours}.*)", f"INSERT ({ours}.*)")
        assert dict(found.missing) == {f"{ours}.customer": ("DELETE",), f"{ours}.invoice": ("DELETE",)}
        cursor.execute(f"REVOKE CREATE, INSERT ON {ours}.* FROM {login}")
        cursor.execute(f"REVOKE SELECT ON mysql.* FROM {login}")
        for statement in found.grants.splitlines():
            cursor.execute(statement)
        assert try_address(address=shop_address).fits
        cursor.execute(f"GRANT SELECT ON *.* TO {login}")
        assert try_address(address=shop_address).excessive == ("ALL DATABASES",)
        own = found.own_login.replace("privacy_desk", f"own_{ours}").replace("choose a password", "k")
        for statement in own.splitlines():
            cursor.execute(statement)
        address = url.set(username=f"own_{ours}").render_as_string(hide_password=False)
        try:
            assert try_address(address=address).fits
        finally:
            cursor.execute(f"DROP USER own_{ours}@'%'")


def test_a_source_with_wrong_rights_is_connected_only_after_they_were_accepted(alpha, shop, officer_client):
    given = {"name": "Shop", "address": address_of(shop)}
    warned = officer_client.post(PAGE, given)
    shown = warned.content.decode()
    assert "SUPERUSER</span>: it may do everything, in every database of the server" in shown
    assert "CREATE ROLE privacy_desk" in shown
    assert given["address"] not in shown
    seen = {"seen": warned.context["trial"].digest}
    for not_enough in ({}, {"accept": "on"}, seen, {"accept": "on", "seen": "0" * 64}):
        assert officer_client.post(PAGE, given | not_enough).status_code == 200
    assert not Source.objects.exists()
    assert officer_client.post(PAGE, given | seen | {"accept": "on"}).status_code == 302
    source = Source.objects.get(name="Shop")
    (entry,) = LedgerEntry.objects.filter(action="source.rights_accepted")
    assert (entry.object_id, entry.data) == (str(source.pk), {"lacking_on": 0, "beyond": 1})


def test_a_source_with_the_right_rights_is_connected_at_once(alpha, shop, login, officer_client):
    name, address = login
    run(shop, f"GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    assert officer_client.post(PAGE, {"name": "Shop", "address": address}).status_code == 302
    assert Source.objects.filter(name="Shop").exists()
    assert not LedgerEntry.objects.filter(action="source.rights_accepted").exists()


def test_a_login_that_may_read_nothing_cannot_be_accepted(alpha, login, officer_client):
    _name, address = login
    given = {"name": "Shop", "address": address}
    warned = officer_client.post(PAGE, given)
    assert "may read no table" in warned.content.decode()
    again = officer_client.post(PAGE, given | {"accept": "on", "seen": warned.context["trial"].digest})
    assert (again.status_code, Source.objects.count()) == (200, 0)
