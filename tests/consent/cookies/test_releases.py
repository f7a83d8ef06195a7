"""Pages of other people name these files by their hashes: what was released stays as it is."""

import hashlib
import re

import pytest
from django.conf import settings
from django.test import Client

from consent.cookies.releases import NEWEST, RELEASES, release, snippet

INTEGRITY = {
    ("1.0.0", "js"): "9cutjIx4chdFDrkE7vgnelHBMTALt1HsZHlcOSy0O/nglPgSTv58YW+6o37fL5sW",
    ("1.0.0", "css"): "E7f4TukOKl0xvPROb5HOkScMqJRN3ldePasFiOmvyTAV8n/vHHjxbx0jXl3levLY",
}
FOLDER = settings.BASE_DIR / "static" / "cookies"


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize("kind", ["js", "css"])
def test_a_release_never_changes(version, kind):
    assert release(version, kind).integrity == f"sha384-{INTEGRITY[version, kind]}"


@pytest.mark.parametrize("version", RELEASES)
def test_the_library_is_what_its_author_published_with_its_licence(version):
    named = re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (FOLDER / version / "README.md").read_text())
    assert {name for name, _digest in named} == {"cookieconsent.umd.js", "cookieconsent.css", "LICENSE"}
    for name, digest in named:
        assert hashlib.sha256((FOLDER / version / name).read_bytes()).hexdigest() == digest


def test_every_folder_is_a_release():
    assert sorted(each.name for each in FOLDER.iterdir()) == sorted(RELEASES)


def test_nothing_in_the_script_is_evaluated_or_styled_inline():
    """A strict Content-Security-Policy refuses these; the browser tests see that it refuses nothing."""
    script = release(NEWEST, "js").content.decode()
    forbidden = r"\beval\(|new Function|setTimeout\(['\"]|\.style\b|['\"]style['\"]|cssText|insertRule"
    assert re.findall(forbidden, script) == []
    assert re.findall(forbidden, 'eval("x"); a.style.top = 1; setAttribute("style", x)') != []


@pytest.fixture
def elsewhere(alpha) -> Client:
    return Client(headers={"host": "alpha.localhost", "origin": "https://anybody.example"})


@pytest.mark.parametrize(("name", "kept"), [("consent", "max-age=3600"), (f"consent-{NEWEST}", "max-age=31536000")])
@pytest.mark.parametrize(("kind", "media_type"), [("js", "text/javascript"), ("css", "text/css")])
def test_pages_of_any_origin_may_load_and_check_the_files(elsewhere, name, kept, kind, media_type):
    answer = elsewhere.get(f"/cookies/v1/{name}.{kind}")
    assert answer.status_code == 200
    assert answer.content == release(NEWEST, kind).content
    assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert kept in answer["Cache-Control"]
    again = elsewhere.get(f"/cookies/v1/{name}.{kind}", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_release_that_never_was_is_not_found(elsewhere):
    assert elsewhere.get("/cookies/v1/consent-9.9.9.js").status_code == 404
    assert elsewhere.get("/cookies/v1/consent-1.0.0.html").status_code == 404


def test_the_snippet_names_the_newest_release_by_its_hash():
    text = snippet(portal="https://privacy.example", site="shop")
    for kind in ("js", "css"):
        assert f'"https://privacy.example/cookies/v1/consent-{NEWEST}.{kind}"' in text
        assert f'integrity="{release(NEWEST, kind).integrity}"' in text
    assert text.count('crossorigin="anonymous"') == 2
    assert 'data-site="shop"' in text
