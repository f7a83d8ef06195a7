"""The acts of cookie consent."""

from consent.cookies.services.choosing import Statement, record_choice
from consent.cookies.services.publishing import publish_banner
from consent.cookies.services.starting import add_site

__all__ = ["Statement", "add_site", "publish_banner", "record_choice"]
