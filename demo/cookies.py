"""The cookie banner of a sample organisation's web site, published. May be repeated."""

from consent.cookies.models import Cookie, CookieCategory, CookieSite
from consent.cookies.services import add_site, publish_banner
from demo.addresses import site_of
from demo.profiles import SampleOrganisation
from privacy.ledger.actors import Actor

SITE_CODE = "website"


def furnish_cookies(sample: SampleOrganisation, actor: Actor) -> None:
    """A banner with two categories that can be refused; the second is refused by the signal of a browser."""
    origin = site_of(sample.slug)
    if site := CookieSite.objects.filter(code=SITE_CODE).first():
        if origin not in site.origins:  # the demo runs on another port than the last time
            site.origins = [*site.origins, origin]
            site.save(update_fields=["origins"])
        return
    site = CookieSite(code=SITE_CODE, name=f"{sample.name}, web site", origins=[origin])
    add_site(site=site, actor=actor)
    _statistics(site)
    _videos(site)
    publish_banner(site=site, change="First version", actor=actor)


def _statistics(site: CookieSite) -> None:
    category = CookieCategory.objects.create(
        site=site,
        code="statistics",
        order=1,
        title={"en": "Statistics", "fr": "Statistiques"},
        description={
            "en": "Tell us which pages are read, so that we can improve them. Nobody else gets these figures.",
            "fr": "Nous montrent quelles pages sont lues, afin de les améliorer. Personne d’autre n’a ces chiffres.",
        },
    )
    Cookie.objects.create(
        category=category,
        name="_visits",
        provider=site.name,
        duration_amount=13,
        duration_unit="months",
        purpose={"en": "Counts visits.", "fr": "Compte les visites."},
    )


def _videos(site: CookieSite) -> None:
    category = CookieCategory.objects.create(
        site=site,
        code="videos",
        order=2,
        is_sale=True,
        title={"en": "Videos of other providers", "fr": "Vidéos d’autres fournisseurs"},
        description={
            "en": "Let you watch our films here. The provider learns what you watch and uses it for advertising.",
            "fr": "Permettent de voir nos films ici. Le fournisseur apprend ce que vous regardez et s’en sert pour "
            "la publicité.",
        },
    )
    Cookie.objects.create(
        category=category,
        name="_player",
        provider="Sample Video Ltd",
        duration_amount=6,
        duration_unit="months",
        purpose={"en": "Recognises your browser.", "fr": "Reconnaît votre navigateur."},
    )
