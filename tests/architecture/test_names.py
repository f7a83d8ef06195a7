"""Our app owns the name `requests`, and the libraries that look for the HTTP library of that name do without."""

import importlib
import importlib.metadata
import json
import re

import pytest

from config.name_guard import intruder
from tests.architecture.source import PROJECT


def test_the_http_library_of_our_apps_name_is_not_installed():
    assert intruder() is None
    assert intruder("django") is not None


def test_the_name_leads_to_our_app():
    import requests

    assert requests.__file__ == str(PROJECT / "requests" / "__init__.py")


def required(name: str) -> set[str]:
    found = (re.match(r"[a-z0-9][a-z0-9._-]*", line) for line in (PROJECT / name).read_text().lower().splitlines())
    return {match.group() for match in found if match}


def test_no_list_of_requirements_names_it():
    assert "celery" in required("requirements.txt")
    for name in ("requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"):
        assert "requests" not in required(name)


@pytest.mark.parametrize(
    "module", ["rest_framework.test", "rest_framework.compat", "drf_spectacular.views", "drf_spectacular.generators"]
)
def test_libraries_that_look_for_it_can_be_imported(module):
    assert importlib.import_module(module).__name__ == module


def test_the_test_client_of_the_api_speaks_to_the_portal(alpha):
    from rest_framework.test import APIClient

    response = APIClient(headers={"host": "alpha.localhost"}).get("/api/v1/schema/", {"format": "json"})
    assert response.status_code == 200
    assert json.loads(response.content)["openapi"].startswith("3.")
