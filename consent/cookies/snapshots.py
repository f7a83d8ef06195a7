"""What a banner would say if it were published now: the draft of officers as one piece of JSON."""

from typing import Any

from django.utils.translation import gettext as _

from consent.cookies.models import Cookie, CookieCategory, CookieSite
from consent.cookies.texts import EDITABLE, built_in, duration_words, languages

MOST_CATEGORIES = 20


def snapshot(site: CookieSite) -> dict[str, Any]:
    """The content of a banner. Categories and cookies are read in two queries, however many there are.

    What decides whether people have to be asked again is in it, and nothing else: not the addresses of the site.
    """
    codes = [code for code, _name in languages()]
    categories = site.categories.filter(is_offered=True).order_by("order", "code").prefetch_related("cookies")
    return {
        "site": site.code,
        "default_language": site.default_language,
        "policy_url": site.policy_url,
        "ask_again_days": site.ask_again_days,
        "texts": {code: texts_of(site, code) for code in codes},
        "categories": [_category(each, codes) for each in categories],
    }


def texts_of(site: CookieSite, language: str) -> dict[str, str]:
    """The built-in texts with what officers put in their place."""
    own = site.texts.get(language, {})
    return built_in(language) | {key: own[key] for key in EDITABLE if own.get(key)}


def problems_of(content: dict[str, Any]) -> list[str]:
    """Why a content cannot be published; empty when it can."""
    found = []
    if not any(not category["necessary"] for category in content["categories"]):
        found.append(_("Add a category that visitors can refuse; without one there is nothing to ask."))
    if not any(category["necessary"] for category in content["categories"]):
        found.append(_("Add the category of necessary cookies: the choice itself is kept in one."))
    if len(content["categories"]) > MOST_CATEGORIES:
        found.append(_("Nobody reads more than %d categories; join some of them.") % MOST_CATEGORIES)
    names = dict(languages())
    for category in content["categories"]:
        for code, name in names.items():
            words = {"category": category["code"], "language": name}
            if not category["title"][code] or not category["description"][code]:
                found.append(_("Category “%(category)s”: title and description in %(language)s are missing.") % words)
            if any(not cookie["purpose"][code] for cookie in category["cookies"]):
                found.append(_("Category “%(category)s”: a cookie has no purpose in %(language)s.") % words)
    return found


def _category(category: CookieCategory, codes: list[str]) -> dict[str, Any]:
    return {
        "code": category.code,
        "necessary": category.is_necessary,
        "sale": category.is_sale,
        "title": {code: category.title.get(code, "") for code in codes},
        "description": {code: category.description.get(code, "") for code in codes},
        "cookies": [_cookie(each, codes) for each in category.cookies.all()],
    }


def _cookie(cookie: Cookie, codes: list[str]) -> dict[str, Any]:
    return {
        "name": cookie.name,
        "domain": cookie.domain,
        "provider": cookie.provider,
        "duration": {code: duration_words(cookie.duration_unit, cookie.duration_amount, code) for code in codes},
        "purpose": {code: cookie.purpose.get(code, "") for code in codes},
    }
