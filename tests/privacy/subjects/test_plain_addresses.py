import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from privacy.subjects.identifiers import IdentifierInvalid, normalise


def _by_the_validator(text):
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None


def _by_us(text):
    try:
        return normalise("email", text)
    except IdentifierInvalid:
        return None


@given(st.from_regex(r"[a-zA-Z0-9._+-]{1,12}@([a-z0-9-]{1,8}\.){0,3}[a-z0-9-]{1,8}", fullmatch=True))
@example("ama.mensah+news@mail.example.com")
@example("ama@xn--bcher-kva.example")
@example("ama..mensah@example.com")
@example("a" * 60 + "@example.com")
def test_the_short_way_says_what_the_validator_says(text):
    assert _by_us(text) == _by_the_validator(text)


@pytest.mark.parametrize("domain", SPECIAL_USE_DOMAIN_NAMES)
def test_domains_nobody_can_write_to_are_judged_by_the_validator(domain):
    for text in (f"ama@{domain}", f"ama@sub.{domain}"):
        assert _by_us(text) == _by_the_validator(text)
