"""What personal data the tables of cookie consent hold; read by `privacy.register.own_data`."""

from django.db import models

from consent.cookies.models import Cookie, CookieBanner, CookieCategory, CookieChoice, CookieSite

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    CookieSite: dict.fromkeys(
        ("id", "code", "name", "origins", "default_language", "texts", "policy_url", "ask_again_days", "is_active")
    ),
    CookieCategory: dict.fromkeys(
        ("id", "site", "code", "order", "is_necessary", "is_sale", "title", "description", "is_offered")
    ),
    Cookie: dict.fromkeys(
        ("id", "category", "name", "domain", "provider", "duration_amount", "duration_unit", "purpose")
    ),
    CookieBanner: dict.fromkeys(("id", "site", "version", "content", "digest", "change", "published_at")),
    CookieChoice: {
        "browser_digest": "key",
        "accepted": "decision",
        "refused": "decision",
        "action": "decision",
        "has_signal": "decision",
        "language": "communication",
        "chosen_at": "decision",
        "origin": "technical",
        "call": "key",
        "id": None,
        "recorded_at": None,
        "epoch": None,
        "transaction": None,
        "digest": None,
        "banner": None,
        "banner_digest": None,
        "terms": None,
    },
}
