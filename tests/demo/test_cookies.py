"""The sample organisations' own sites and their banner."""

import pytest
from django.conf import settings
from django.test import Client

from consent.cookies.models import CookieBanner, CookieSite
from consent.cookies.releases import snippet
from demo.addresses import portal_of, site_of
from demo.cookies import SITE_CODE, furnish_cookies
from demo.profiles import SAMPLES
from privacy.ledger.actors import SYSTEM


def site_page(host: str, path: str = "/site/"):
    return Client(headers={"host": host}).get(path)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_each_sample_organisation_has_a_site_of_another_origin_under_a_strict_policy(db, sample):
    page = site_page(f"{sample.slug}-site.localhost")
    portal = portal_of(sample.slug)
    assert page.status_code == 200
    assert snippet(portal=portal, site=SITE_CODE) in page.content.decode()
    policy = dict(part.strip().partition(" ")[::2] for part in page["Content-Security-Policy"].split(";"))
    assert (policy["script-src"], policy["style-src"]) == (f"'self' {portal}",) * 2
    assert (policy["connect-src"], policy["default-src"]) == (portal, "'none'")
    assert site_of(sample.slug) != portal


def test_there_is_no_such_site_on_the_public_host_or_on_a_portal(db, alpha):
    for host in (settings.PUBLIC_HOSTS[0], "alpha.localhost"):
        assert site_page(host).status_code == 404
    assert site_page("offixpro-site.localhost", "/site/fr/").status_code == 200


def test_the_banner_is_published_once_and_learns_a_new_port(alpha):
    sample = SAMPLES[0]
    for _time in range(2):
        furnish_cookies(sample, SYSTEM)
    assert CookieBanner.objects.count() == 1
    CookieSite.objects.update(origins=["http://offixpro-site.localhost:1"])
    furnish_cookies(sample, SYSTEM)
    assert CookieSite.objects.get().origins == ["http://offixpro-site.localhost:1", site_of(sample.slug)]
