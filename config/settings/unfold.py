"""How the two admin sites look: names, colours, styles. What stands in the sidebar is in `config.navigation`."""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

_COLOURS = {
    "base": {
        "50": "oklch(98.4% .003 230)", "100": "oklch(96.6% .004 230)", "200": "oklch(92.6% .007 230)",
        "300": "oklch(86.8% .011 230)", "400": "oklch(70.2% .018 230)", "500": "oklch(54.0% .022 230)",
        "600": "oklch(44.0% .022 230)", "700": "oklch(36.6% .022 230)", "800": "oklch(27.4% .020 230)",
        "900": "oklch(20.8% .018 230)", "950": "oklch(14.0% .014 230)",
    },
    "primary": {
        "50": "oklch(97.4% .014 200)", "100": "oklch(94.2% .030 200)", "200": "oklch(89.2% .055 200)",
        "300": "oklch(81.6% .085 200)", "400": "oklch(71.8% .100 200)", "500": "oklch(60.4% .098 205)",
        "600": "oklch(49.8% .084 210)", "700": "oklch(43.4% .072 212)", "800": "oklch(37.4% .060 215)",
        "900": "oklch(32.2% .050 218)", "950": "oklch(23.0% .040 222)",
    },
}  # fmt: skip

_COMMON: dict[str, Any] = {
    "SITE_SYMBOL": "shield_person",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("portal/icon-1.svg")},
    ],
    "COLORS": _COLOURS,
    "BORDER_RADIUS": "6px",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [lambda request: static("officer/desk.css")],
    "SCRIPTS": [lambda request: static("officer/desk.js")],
}

UNFOLD_OFFICER = _COMMON | {
    "SITE_TITLE": _("Privacy Desk"),
    "SITE_HEADER": "config.navigation.organisation_name",
    "SITE_SUBHEADER": "config.navigation.zone_of_times",
    "SIDEBAR": {"show_search": False, "navigation": "config.navigation.officer_navigation"},
    "ACCOUNT": {"navigation": "config.navigation.account_links"},
}

UNFOLD_OPERATOR = _COMMON | {
    "SITE_TITLE": _("Privacy Desk, operations"),
    "SITE_HEADER": _("Privacy Desk"),
    "SITE_SUBHEADER": _("Operations, times in UTC"),
    "SIDEBAR": {"show_search": False, "navigation": "config.navigation.operator_navigation"},
    "ACCOUNT": {"navigation": "config.navigation.account_links"},
}
