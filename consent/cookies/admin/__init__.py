"""Cookie consent on the officers' site."""

from consent.cookies.admin.banners import CookieBannerAdmin
from consent.cookies.admin.categories import CookieCategoryAdmin
from consent.cookies.admin.choices import CookieChoiceAdmin
from consent.cookies.admin.sites import CookieSiteAdmin

__all__ = ["CookieBannerAdmin", "CookieCategoryAdmin", "CookieChoiceAdmin", "CookieSiteAdmin"]
