"""Host names that operators give to organisations."""

import pytest

from privacy.tenants.admin import DomainForm
from privacy.tenants.context import public_context


def errors_of(domain: str, organisation) -> list[str]:
    with public_context():
        form = DomainForm({"domain": domain, "tenant": organisation.pk, "is_primary": False})
        return form.errors.get("domain", [])


@pytest.mark.parametrize(
    ("domain", "advice"),
    [
        ("https://privacy.example.com", "without https://"),
        ("privacy.example.com:8000", "without a port"),
        ("localhost", "whole installation"),
        ("offixpro-site.localhost", "whole installation"),
        ("beta.localhost", "already exists"),
        ("BETA.localhost", "already exists"),
    ],
)
def test_a_host_that_cannot_be_an_organisations_is_refused_with_advice(alpha, settings, domain, advice):
    assert ["localhost", *settings.SAMPLE_SITES] == settings.PUBLIC_HOSTS
    (message,) = errors_of(domain, alpha)
    assert advice in message


def test_a_host_of_its_own_is_taken(alpha):
    assert errors_of(" Privacy.Example.com ", alpha) == []
