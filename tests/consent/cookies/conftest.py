"""A banner with three categories, one of which the signal refuses, published once."""

import json
import uuid

import pytest
from django.test import Client

from consent.cookies.models import Cookie, CookieBanner, CookieCategory, CookieSite
from consent.cookies.services import Statement, add_site, publish_banner
from privacy.ledger.actors import SYSTEM

ORIGIN = "https://www.shop.example"
OPTIONAL = ["advertising", "statistics"]


def make_site(*origins: str, code: str = "shop") -> CookieSite:
    """A draft: necessary cookies, statistics, and advertising that is sale or sharing."""
    site = CookieSite(code=code, name="Shop", origins=list(origins or [ORIGIN]), policy_url="https://shop.example/c")
    add_site(site=site, actor=SYSTEM)
    add_category(site, "statistics", "Statistics", "Statistiques", "_stats_*")
    add_category(site, "advertising", "Advertising", "Publicité", "_ads", is_sale=True)
    return site


def add_category(site: CookieSite, code: str, english: str, french: str, cookie: str, **fields) -> CookieCategory:
    category = CookieCategory.objects.create(
        site=site, code=code, order=1, title={"en": english, "fr": french},
        description={"en": f"{english} in words.", "fr": f"{french} en mots."}, **fields,
    )  # fmt: skip
    Cookie.objects.create(
        category=category, name=cookie, provider="Counter Ltd", duration_amount=13, duration_unit="months",
        purpose={"en": "Counts visits.", "fr": "Compte les visites."},
    )  # fmt: skip
    return category


def publish(site: CookieSite, change: str = "first version") -> CookieBanner:
    return publish_banner(site=site, change=change, actor=SYSTEM)


@pytest.fixture
def site(alpha) -> CookieSite:
    return make_site()


@pytest.fixture
def banner(site) -> CookieBanner:
    return publish(site)


def statement_for(banner: CookieBanner, **changes) -> Statement:
    values = {
        "call": uuid.uuid4(), "browser": uuid.uuid4(), "version": banner.version, "digest": banner.digest,
        "action": "save", "accepted": ("statistics",), "refused": ("advertising",), "has_signal": False,
        "language": "en",
    }  # fmt: skip
    return Statement(**values | changes)


def body_for(banner: CookieBanner, **changes) -> dict:
    values = {
        "site": "shop", "call": str(uuid.uuid4()), "browser": str(uuid.uuid4()), "version": banner.version,
        "digest": banner.digest, "action": "save", "accepted": ["statistics"], "refused": ["advertising"],
        "has_signal": False, "language": "en", "chosen_at": "2026-11-29T10:00:00.123Z",
    }  # fmt: skip
    return values | changes


def send(body: object, *, origin: str | None = ORIGIN, host: str = "alpha.localhost", **headers):
    """A browser's call, as from a page of an origin."""
    headers |= {"host": host} | ({"origin": origin} if origin else {})
    text = body if isinstance(body, str) else json.dumps(body)
    client = Client(enforce_csrf_checks=True)
    return client.post("/cookies/v1/choices/", text, content_type="application/json", headers=headers)
