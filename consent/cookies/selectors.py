"""Questions about banners and choices."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from consent.cookies.models import CookieBanner, CookieChoice, CookieSite
from consent.cookies.services.publishing import differs
from consent.cookies.snapshots import problems_of, snapshot
from privacy.register.selectors import zone
from privacy.tenants.db import connection

_WEEKS = f"""
    SELECT date_trunc('week', choice.recorded_at AT TIME ZONE %(zone)s)::date AS week, answer.code,
           count(*) FILTER (WHERE answer.accepted), count(*) FILTER (WHERE NOT answer.accepted)
      FROM {CookieChoice._meta.db_table} choice
      JOIN {CookieBanner._meta.db_table} banner ON banner.id = choice.banner_id
      CROSS JOIN LATERAL (
            SELECT jsonb_array_elements_text(choice.accepted) AS code, true AS accepted
             UNION ALL SELECT jsonb_array_elements_text(choice.refused), false) AS answer
     WHERE banner.site_id = %(site)s
       AND choice.recorded_at >= now() - make_interval(weeks => %(weeks)s)
     GROUP BY 1, 2 ORDER BY 1 DESC, 2"""  # noqa: S608 - names of our own tables


def active_site(code: str) -> CookieSite | None:
    """The banner in use that the snippet of a page names."""
    return CookieSite.objects.filter(code=code, is_active=True).first()


def published_banner(site: CookieSite) -> CookieBanner | None:
    """What visitors are shown; None when nothing was published yet."""
    return site.banners.order_by("-version").first()


@dataclass(frozen=True)
class Standing:
    """How a draft stands to what is published.

    Args:
        problems: why the draft cannot be published, one sentence each.
        differs: the draft says something else than the published version.
    """

    content: dict[str, Any]
    published: CookieBanner | None
    problems: list[str]
    differs: bool


def standing(site: CookieSite) -> Standing:
    """Where a site stands, in four queries."""
    content, published = snapshot(site), published_banner(site)
    return Standing(content, published, problems_of(content), published is None or differs(content, published))


@dataclass(frozen=True)
class CategoryCount:
    """Choices about one category in one week, which begins on a Monday where the organisation is."""

    week: date
    code: str
    accepted: int
    refused: int

    @property
    def percent(self) -> int:
        return round(100 * self.accepted / (self.accepted + self.refused))


def weekly_counts(site: CookieSite, *, weeks: int = 26) -> list[tuple[date, list[CategoryCount]]]:
    """How often each category was accepted and refused, the newest week first. Counts only: nobody is in it."""
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, {"site": site.pk, "zone": zone().key, "weeks": weeks})
        found: dict[date, list[CategoryCount]] = defaultdict(list)
        for row in cursor.fetchall():
            found[row[0]].append(CategoryCount(*row))
    return list(found.items())


def choices() -> QuerySet[CookieChoice]:
    """Every choice, with the banner and the terms it was made with at hand."""
    return CookieChoice.objects.select_related("banner__site", "terms")
