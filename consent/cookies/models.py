"""Cookie consent on the organisation's own web sites: what is asked, in which words, and what visitors chose.

Sites, categories and cookies are a draft that officers edit. What visitors see is a published banner: a snapshot that
nobody can change, with the digest of all its words. A choice names the banner it was made with.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

import rfc8785
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.cookies.enums import Action, DurationUnit
from consent.models import RecordedUnderTerms


class CookieSite(models.Model):
    """A web site of the organisation that shows a banner, or several that share one."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Names the site in the snippet; it stays as it is.")
    )
    name = models.CharField(_("name"), max_length=100)
    origins = models.JSONField(
        _("addresses"), default=list, help_text=_("Only pages of these may show the banner and record choices.")
    )
    default_language = models.CharField(
        _("language"), max_length=5, default="en", help_text=_("For pages in a language that the banner does not have.")
    )
    texts = models.JSONField(_("texts"), default=dict)
    policy_url = models.URLField(_("cookie or privacy policy"), blank=True)
    ask_again_days = models.PositiveSmallIntegerField(
        _("ask again after days"),
        default=182,
        validators=[MinValueValidator(180), MaxValueValidator(366)],
        help_text=_("Six to twelve months. A new version of the banner asks at once."),
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Switched off, no banner is shown and no script of a category runs.")
    )

    class Meta:
        verbose_name = _("cookie banner")
        verbose_name_plural = _("cookie banners")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CookieCategory(models.Model):
    """A kind of cookies that visitors accept or refuse as one. Words by language: `{"en": …, "fr": …}`."""

    site = models.ForeignKey(
        CookieSite, on_delete=models.PROTECT, related_name="categories", verbose_name=_("cookie banner")
    )
    code = models.SlugField(
        _("code"), max_length=40, help_text=_("Stands in the scripts of the site as data-category; it stays as it is.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_necessary = models.BooleanField(
        _("necessary"), default=False, help_text=_("The site does not work without these. They cannot be refused.")
    )
    is_sale = models.BooleanField(
        _("sale, sharing or advertising"),
        default=False,
        help_text=_("Refused by the Global Privacy Control signal of a browser."),
    )
    title = models.JSONField(_("title"), default=dict)
    description = models.JSONField(_("description"), default=dict)
    is_offered = models.BooleanField(_("part of the banner"), default=True)

    class Meta:
        verbose_name = _("cookie category")
        verbose_name_plural = _("cookie categories")
        ordering = ["site", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="cookie_category_once"),
            models.CheckConstraint(condition=Q(is_necessary=False) | Q(is_sale=False), name="no_sale_is_necessary"),
        ]

    def __str__(self) -> str:
        return self.title.get("en") or next(iter(self.title.values()), "") or self.code


class Cookie(models.Model):
    """A cookie of a category, as the banner's table tells visitors of it."""

    category = models.ForeignKey(CookieCategory, on_delete=models.CASCADE, related_name="cookies")
    name = models.CharField(_("name"), max_length=100, help_text=_("A star at the end stands for any ending: _ga_*."))
    domain = models.CharField(
        _("domain"), max_length=253, blank=True, help_text=_("Only if it is set for another domain than the page's.")
    )
    provider = models.CharField(_("set by"), max_length=100)
    duration_amount = models.PositiveSmallIntegerField(_("lasts"), null=True, blank=True)
    duration_unit = models.CharField(
        _("unit"), max_length=10, choices=DurationUnit.choices, default=DurationUnit.MONTHS
    )
    purpose = models.JSONField(_("what it is for"), default=dict)

    class Meta:
        verbose_name = _("cookie")
        verbose_name_plural = _("cookies")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_unit="session", duration_amount=None)
                | ~Q(duration_unit="session") & Q(duration_amount__gt=0),
                name="cookie_lasts_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CookieBanner(models.Model):
    """A published version: everything visitors are shown, word for word, and never changed."""

    append_only = True

    site = models.ForeignKey(
        CookieSite, on_delete=models.PROTECT, related_name="banners", verbose_name=_("cookie banner")
    )
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256 of the content"), max_length=64, editable=False)
    change = models.CharField(_("what changed"), max_length=300)
    published_at = models.DateTimeField(_("published"), auto_now_add=True)

    class Meta:
        verbose_name = _("published banner")
        verbose_name_plural = _("published banners")
        ordering = ["site", "-version"]
        constraints = [models.UniqueConstraint(fields=["site", "version"], name="cookie_banner_once")]

    def __str__(self) -> str:
        return f"{self.site_id} v{self.version}"


class CookieChoice(RecordedUnderTerms):
    """What one browser chose, once. `recorded_at` is the server's time, and the one that counts.

    A browser is known by the keyed digest of a random number that lies in its own cookie; the number itself is not
    kept. Necessary cookies are in neither list: nobody is asked about them.
    """

    sealed_fields = (
        "call", "browser_digest", "banner_id", "banner_digest", "action", "accepted", "refused", "has_signal",
        "language", "origin", "chosen_at", "terms_id",
    )  # fmt: skip
    sealed_if_set: ClassVar[Sequence[str]] = ("terms_id",)

    call = models.UUIDField(_("number of the call"), unique=True, editable=False)
    browser_digest = models.CharField(_("browser"), max_length=64)
    banner = models.ForeignKey(
        CookieBanner, on_delete=models.PROTECT, related_name="choices", verbose_name=_("published banner")
    )
    banner_digest = models.CharField(_("SHA-256 of the banner"), max_length=64)
    action = models.CharField(_("what they did"), max_length=10, choices=Action.choices)
    accepted = models.JSONField(_("accepted"), default=list)
    refused = models.JSONField(_("refused"), default=list)
    has_signal = models.BooleanField(_("Global Privacy Control"), default=False)
    language = models.CharField(_("language"), max_length=5)
    origin = models.CharField(_("web site"), max_length=300)
    chosen_at = models.DateTimeField(_("time of the browser"), null=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("cookie choice")
        verbose_name_plural = _("cookie choices")
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["epoch", "transaction"], name="cookie_choice_order"),
            models.Index(fields=["banner", "-recorded_at"], name="cookie_choice_newest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a banner's content in canonical JSON (RFC 8785), in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
