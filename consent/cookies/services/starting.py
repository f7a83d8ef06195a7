"""A new banner starts with the category that every site has, and the cookie that the banner itself sets."""

from django.db import transaction

from consent.cookies.enums import DurationUnit
from consent.cookies.models import Cookie, CookieCategory, CookieSite
from consent.cookies.texts import languages, necessary_words
from privacy.ledger.actors import Actor
from privacy.ledger.services import record

CHOICE_COOKIE = "privacy_choices"
"""The cookie in which the script keeps the choice, on the organisation's own site."""


@transaction.atomic
def add_site(*, site: CookieSite, actor: Actor) -> CookieSite:
    """Store a new banner's draft, with its category of necessary cookies."""
    site.save()
    words = {code: necessary_words(code) for code, _name in languages()}
    necessary = CookieCategory.objects.create(
        site=site,
        code="necessary",
        is_necessary=True,
        title={code: each.title for code, each in words.items()},
        description={code: each.description for code, each in words.items()},
    )
    Cookie.objects.create(
        category=necessary,
        name=CHOICE_COOKIE,
        provider=site.name,
        duration_amount=max(1, round(site.ask_again_days / 30.4)),
        duration_unit=DurationUnit.MONTHS,
        purpose={code: each.choice_cookie for code, each in words.items()},
    )
    record(action="cookies.banner_added", actor=actor, target=site, data={"banner": site.code})
    return site
