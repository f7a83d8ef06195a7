"""PostgreSQL takes other operators than a type's own where these lie in a schema in which our login does not look."""

from collections.abc import Iterator

import pytest

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.introspect import findings, read_catalog
from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.spec import DatasetSpec, Identity
from tests.privacy.datamap.engine.conftest import MASK_KEY
from tests.privacy.datamap.engine.products import only

pytestmark = only("postgresql")


@pytest.fixture
def elsewhere(shop) -> Iterator[str]:
    """A schema beside the tables, with citext in it."""
    shop.run('CREATE SCHEMA "types of all"')
    shop.run("CREATE EXTENSION IF NOT EXISTS citext")
    shop.run('ALTER EXTENSION citext SET SCHEMA "types of all"')
    yield '"types of all"'
    shop.run(f"ALTER ROLE CURRENT_USER IN DATABASE {_database(shop)} RESET search_path")
    shop.run("ALTER EXTENSION citext SET SCHEMA public")
    shop.run('DROP SCHEMA "types of all" CASCADE')


def _database(shop) -> str:
    return shop.rows("SELECT quote_ident(current_database())")[0][0]


def _told(shop) -> list[tuple[str, str]]:
    with shop.open(MASK_KEY) as source:
        found = findings(read_catalog(source))
    return [(each.where, each.remedy) for each in found if each.code == "out_of_path"]


def _found(shop, number: str) -> tuple[tuple[str, ...], ...]:
    member = DatasetSpec("member", shop.schema, "member", ("id",), identities=(Identity("number", "customer_id"),))
    with shop.open(MASK_KEY) as source:
        return resolve_subject(source, [member], [Identifier("customer_id", number)]).keys_of("member")


@pytest.mark.parametrize("kind", ["{0}.citext", "{0}.number_of_ours"])
def test_a_table_is_refused_until_the_login_looks_where_its_type_compares(shop, elsewhere, kind):
    shop.run(f"CREATE DOMAIN {elsewhere}.number_of_ours AS {elsewhere}.citext CHECK (VALUE <> '')")
    shop.run(f"CREATE TABLE member (id integer PRIMARY KEY, number {kind.format(elsewhere)})")
    shop.run("INSERT INTO member VALUES (1, 'c-ABC'), (2, 'c-abd')")
    with pytest.raises(InvalidSpec, match="values that are equal would be told apart") as refused:
        _found(shop, "c-abc")
    ((where, remedy),) = _told(shop)
    assert where == f"{shop.schema}.member"
    assert remedy.endswith(f", {elsewhere};")
    assert remedy in str(refused.value)
    shop.run(remedy)
    assert _found(shop, "c-abc") == (("1",),)
    assert _told(shop) == []


@pytest.mark.parametrize("kind", ["number_of_text", "status", "text"])
def test_types_that_the_server_itself_compares_may_lie_anywhere(shop, elsewhere, kind):
    shop.run(f"CREATE DOMAIN {elsewhere}.number_of_text AS varchar(20) CHECK (VALUE <> '')")
    shop.run(f"CREATE TYPE {elsewhere}.status AS ENUM ('c-abc', 'c-abd')")
    type_ = kind if kind == "text" else f"{elsewhere}.{kind}"
    shop.run(f"CREATE TABLE member (id integer PRIMARY KEY, number text, state {type_})")
    shop.run("INSERT INTO member VALUES (1, 'c-abc', 'c-abc')")
    assert _found(shop, "c-abc") == (("1",),)
    assert _told(shop) == []


def test_a_login_that_looks_nowhere_is_told_one_schema_alone(shop, elsewhere):
    shop.run(f"CREATE TABLE member (id integer PRIMARY KEY, number {elsewhere}.citext)")
    shop.run("INSERT INTO member VALUES (1, 'c-ABC')")
    shop.run(f"ALTER ROLE CURRENT_USER IN DATABASE {_database(shop)} SET search_path = ''")
    ((_, remedy),) = _told(shop)
    assert remedy.endswith(f" SET search_path = {elsewhere};")
    shop.run(remedy)
    assert _found(shop, "c-abc") == (("1",),)
