"""A source whose login, password or host has changed is given its new address, and is still the same database."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from privacy.datamap.addresses import checked_address
from privacy.datamap.errors import SourceNotUsable
from privacy.datamap.models import Source, SourceKind
from privacy.datamap.services import change_address, check_source, connect_source, discover
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from tests.privacy.datamap.test_sources import shop
from tests.privacy.datamap.test_trying import login, run
from tests.sources import address_of, change, scratch_database

__all__ = ["login", "shop"]


@pytest.fixture
def source(alpha, shop) -> Source:
    connected = connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    discover(source=connected, actor=SYSTEM)
    return connected


@pytest.fixture
def another(shop, login) -> str:
    """The address of the same database under another login."""
    name, address = login
    run(shop, f"GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    return address


def page(source: Source) -> str:
    return f"/officer/datamap/source/{source.pk}/address/"


def stored() -> Source:
    return Source.objects.get(name="Shop")


def test_a_source_is_reached_by_its_new_address_and_what_is_known_of_it_stays(source, shop, login, another):
    tables = sorted(source.datasets.values_list("pk", "table_name"))
    Source.objects.filter(pk=source.pk).update(problem="source_unreachable")
    change_address(source=source, address=another, actor=SYSTEM)
    assert (stored().problem, stored().address) == ("", checked_address(another))
    assert sorted(stored().datasets.values_list("pk", "table_name")) == tables
    change(shop, f"REVOKE CONNECT ON DATABASE {conninfo_to_dict(shop)['dbname']} FROM PUBLIC")
    assert check_source(source=stored()).problem == "source_unreachable"  # so it is this login that is used
    (entry,) = LedgerEntry.objects.filter(action="source.address_changed")
    assert (entry.object_id, entry.data) == (str(source.pk), {})


@pytest.mark.parametrize(
    ("other", "missing"),
    [
        ("CREATE TABLE somebody_else (id int PRIMARY KEY)", "public.client, public.country, public.gift"),
        ('ALTER TABLE client RENAME TO "Client"', "public.client"),
        ("ALTER TABLE country DROP CONSTRAINT country_pkey; ALTER TABLE country ADD PRIMARY KEY (code, capital)",
         "public.country"),
    ],
)  # fmt: skip
def test_another_database_is_refused_and_says_what_is_not_there(source, shop, other, missing):
    template = "template1" if "somebody_else" in other else conninfo_to_dict(shop)["dbname"]
    with scratch_database(template=template) as dsn:
        change(dsn, other)
        with pytest.raises(SourceNotUsable, match=f"not there.*: {missing}") as refused:
            change_address(source=source, address=address_of(dsn), actor=SYSTEM)
    assert refused.value.code == "source_other_database"
    assert stored().address == checked_address(address_of(shop))


def test_another_product_is_another_source(source, shop):
    with pytest.raises(SourceNotUsable, match="another kind of database") as refused:
        change_address(source=source, address="mysql://desk:k@127.0.0.1:1/shop", actor=SYSTEM)
    assert refused.value.code == "source_other_kind"
    assert stored().address == checked_address(address_of(shop))


def test_where_nobody_answers_the_address_stays_as_it_was(source, shop):
    gone = address_of(shop).replace("port=5432", "port=1")
    with pytest.raises(SourceNotUsable) as refused:
        change_address(source=source, address=gone, actor=SYSTEM)
    assert refused.value.code == "source_unreachable"
    assert stored().address == checked_address(address_of(shop))


def test_an_officer_changes_it_on_a_page_that_never_shows_it(source, shop, another, officer_client):
    assert page(source) in officer_client.get(f"/officer/datamap/source/{source.pk}/change/").content.decode()
    empty = officer_client.get(page(source)).content.decode()
    assert "It has to be the same database" in empty
    assert conninfo_to_dict(shop)["dbname"] not in empty
    warned = officer_client.post(page(source), {"address": address_of(shop)})  # the superuser of the tests
    assert "SUPERUSER" in warned.content.decode()
    assert "&amp;host=" not in warned.content.decode()
    assert not LedgerEntry.objects.filter(action="source.address_changed").exists()
    assert officer_client.post(page(source), {"address": another}).status_code == 302
    assert stored().address == checked_address(another)
    accepted = {"address": address_of(shop), "accept": "on", "seen": warned.context["trial"].digest}
    assert officer_client.post(page(source), accepted).status_code == 302
    assert stored().address == checked_address(address_of(shop))
    assert LedgerEntry.objects.filter(action="source.rights_accepted").count() == 1


def test_a_place_without_an_address_has_none_to_change(source, officer_client):
    for kind in (SourceKind.PORTAL, SourceKind.MANUAL, SourceKind.OPENDSR):
        Source.objects.filter(pk=source.pk).update(kind=kind)
        assert officer_client.get(page(source)).status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASE_HANDLER])
def test_whoever_may_not_connect_sources_may_not_send_one_elsewhere(source, another, visitor, make_officer, role):
    visitor.force_login(make_officer(role), backend="privacy.officers.backends.OfficerBackend")
    assert visitor.post(page(source), {"address": another}).status_code == 403
    assert stored().address != checked_address(another)
