"""A place of its own for the engine's tests in each product, and a fresh shop in it for every test.

A test that takes any of these fixtures runs once for each product; a file about one product alone is named after it
and says `pytestmark = only("...")` (products.py).
"""

import uuid
from collections.abc import Iterator

import pytest

from privacy.datamap.engine.source import Source
from tests.privacy.datamap.engine.products import PRODUCTS, Product
from tests.privacy.datamap.engine.shop import Shop

MASK_KEY = bytes(range(32))


@pytest.fixture(scope="session", params=PRODUCTS)
def product(request) -> Product:
    return PRODUCTS[request.param]


@pytest.fixture(autouse=True)
def _applies(request) -> None:
    """Leave out what cannot apply to the product of the test; without one, nothing."""
    if "product" in request.fixturenames:
        reason = request.getfixturevalue("product").cannot.get(request.node.originalname)
        if reason is not None:
            pytest.skip(reason)


@pytest.fixture(scope="session")
def database_url(product) -> Iterator[str]:
    with product.server() as url:
        yield url


@pytest.fixture
def shop(database_url, product) -> Iterator[Shop]:
    """The shop's tables in a schema of their own, and a connection beside the engine's."""
    made = product.shop(database_url, f"shop_{uuid.uuid4().hex[:8]}")
    made.create()
    yield made
    made.drop()


@pytest.fixture
def source(shop) -> Iterator[Source]:
    with shop.open(MASK_KEY) as opened:
        yield opened
