import pytest
from django.test import Client

from privacy.officers.models import Role


@pytest.fixture
def auditor_client(alpha, make_officer):
    client = Client(headers={"host": "alpha.localhost"})
    client.force_login(make_officer(Role.AUDITOR), backend="privacy.officers.backends.OfficerBackend")
    return client


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/officer/requests/subjectrequest/00000000-0000-4000-8000-000000000000/decide/", 404, "not assigned to you"),
        ("/officer/officers/apikey/add/", 403, "Your role does not include this"),
    ],
)
def test_an_officer_who_may_not_is_told_so_and_led_back_to_the_desk(auditor_client, path, status, words):
    response = auditor_client.get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="/officer/"' in page
    assert "Make a request" not in page  # that is the customers' page
