"""What every page promises: headers, cookies, no script, nothing personal in addresses."""

import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from privacy.subjects.models import LinkPurpose
from tests.portal.conftest import AMA, ask, enter, enter_preferences, submit, text_of

PAGES = [
    "/", "/requests/new/", "/requests/track/", "/requests/track/sent/", "/requests/confirm/x/", "/requests/track/x/",
    "/requests/download/x/", "/preferences/", "/preferences/sent/", "/preferences/x/", "/notice/", "/left/",
    "/nowhere/",
]  # fmt: skip
PERSONAL_PAGES = ["/requests/status/", "/requests/status/withdraw/", "/requests/download/"]


def _check_headers(response) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_security_headers(visitor, path):
    _check_headers(visitor.get(path))


@pytest.mark.parametrize("path", PERSONAL_PAGES)
def test_every_page_of_a_visit_carries_them_too(visitor, path):
    enter(visitor, submit())
    _check_headers(visitor.get(path))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_script_or_style_or_anything_from_elsewhere(visitor, path):
    text = text_of(visitor.get(path))
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=|javascript:", text) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', text) == []
    assert text.count("<h1") == 1
    assert '<html lang="en">' in text


def test_cookies_are_for_this_host_and_unreadable_to_scripts(visitor):
    visitor.post("/requests/new/", {"kind": "access"})
    visitor.get("/requests/new/behalf/")
    assert set(visitor.cookies) == {"sessionid", "csrftoken"}
    for cookie in visitor.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_production_keeps_cookies_to_https_and_the_host(monkeypatch):
    """Read from the file: importing production settings would start them."""
    text = (settings.BASE_DIR / "config" / "settings" / "production.py").read_text()
    for line in ("SESSION_COOKIE_SECURE = True", "CSRF_COOKIE_SECURE = True", '"__Host-session"', '"__Host-csrf"'):
        assert line in text


def test_a_visitor_who_only_reads_gets_no_cookie(visitor):
    for path in ("/", "/notice/", "/left/"):
        visitor.get(path)
    assert dict(visitor.cookies) == {}


def test_nothing_personal_is_ever_in_an_address(visitor, hurry):
    case = submit(email=AMA)
    ask(visitor)
    seen = [visitor.post("/requests/new/check/", {}).url]
    seen.append(visitor.post("/requests/track/", {"reference": case.reference, "email": AMA}).url)
    seen.append(visitor.post("/preferences/", {"email": AMA}).url)
    enter(visitor, case, LinkPurpose.CONFIRM)
    enter(visitor, case)
    enter_preferences(visitor, case.subject)
    for path in ("/requests/sent/", "/preferences/"):
        seen += re.findall(r'(?:href|action)="([^"]*)"', text_of(visitor.get(path)))
    addresses = " ".join(seen)
    assert "/requests/sent/" in addresses
    for personal in ("ama", "mensah", case.reference.lower(), str(case.subject_id), str(case.pk)):
        assert personal not in addresses.lower()


def test_addresses_take_tokens_and_codes_of_what_is_public_and_nothing_else(alpha):
    """An address that takes anything else has to be thought about here."""
    taken = {
        argument
        for name in ("requests", "consent", "register", "portal")
        for pattern in get_resolver("config.urls_tenant").namespace_dict[name][1].url_patterns
        for argument in pattern.pattern.converters
    }
    # the id is that of the visitor's own record and opaque, the form an ending like pdf
    assert taken == {"token", "code", "version", "question", "record_id", "form"}
