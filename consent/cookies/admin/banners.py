"""Published banners: what visitors were shown, version by version."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from consent.cookies.models import CookieBanner
from consent.cookies.texts import EDITABLE, languages
from privacy.ledger.admin_base import ReadOnlyAdmin


class CookieBannerAdmin(ReadOnlyAdmin):
    list_display = ("site", "version_shown", "change", "published_at")
    list_filter = ("site",)
    list_select_related = ("site",)
    ordering = ("-published_at",)
    fields = ("site", "version", "change", "published_at", "digest", "words")
    readonly_fields = ("words",)

    def get_list_display_links(self, request: HttpRequest, list_display: object) -> tuple[str, ...]:
        return ("version_shown",)

    @display(description=_("Version"), ordering="version")
    def version_shown(self, banner: CookieBanner) -> int:
        return banner.version

    @display(description=_("What visitors were shown"))
    def words(self, banner: CookieBanner) -> SafeString:
        content = banner.content
        shown = [
            {
                "language": name,
                "texts": [content["texts"][code][key] for key in EDITABLE],
                "categories": [
                    {
                        "title": each["title"][code],
                        "description": each["description"][code],
                        "necessary": each["necessary"],
                        "sale": each["sale"],
                        "cookies": [
                            (one["name"], one["provider"], one["duration"][code], one["purpose"][code])
                            for one in each["cookies"]
                        ],
                    }
                    for each in content["categories"]
                ],
            }
            for code, name in languages()
            if code in content["texts"]
        ]
        return render_to_string("officer/cookies/words.html", {"shown": shown})
