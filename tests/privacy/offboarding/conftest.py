from collections.abc import Iterator

import pytest

from privacy.tenants.models import Operator, Organisation
from tests.closing import make_operator
from tests.officer.conftest import operator_client, sign_in
from tests.privacy.offboarding.closing import close_now

__all__ = ["operator_client", "sign_in"]


@pytest.fixture
def operator(db) -> Operator:
    return make_operator()


@pytest.fixture
def cancelled(alpha, operator) -> Iterator[Organisation]:
    """Alpha, cancelled now. The test runs inside it; afterwards the object is what the database rolls back to."""
    close_now(alpha, operator)
    yield alpha
    alpha.state, alpha.cancelled_at, alpha.destroy_at, alpha.cancel_reason = "active", None, None, ""
