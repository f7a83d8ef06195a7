import pytest

from privacy.register.models import LawfulBasis, Purpose
from privacy.subjects.services import find_or_add_subject


def make_purpose(code: str, basis: str = LawfulBasis.LEGITIMATE_INTERESTS, **fields) -> Purpose:
    return Purpose.objects.create(
        code=code, title=code.title(), description=f"We use your data for {code}.", lawful_basis=basis,
        withdrawal_consequences="We stop.", **fields,
    )  # fmt: skip


@pytest.fixture
def ama(alpha):
    return find_or_add_subject(kind="email", value="ama@example.com")


@pytest.fixture
def kofi(alpha):
    return find_or_add_subject(kind="email", value="kofi@example.com")


@pytest.fixture
def analytics(alpha) -> Purpose:
    return make_purpose("analytics")
