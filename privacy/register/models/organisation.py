"""What the organisation says about itself, what it uses personal data for, and what it tells people."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer

MOST_LARGE_RUN_ROWS = 1_000_000


class OrganisationProfile(models.Model):
    """Who the organisation is, as shown on the portal and in every letter. One row."""

    legal_name = models.CharField(_("legal name"), max_length=200)
    trading_name = models.CharField(_("name people know"), max_length=200)
    address = models.TextField(_("postal address"), blank=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, for example GH or CA."))
    website = models.URLField(_("web site"), blank=True)
    officer_name = models.CharField(_("Privacy Officer or Data Protection Officer"), max_length=150)
    officer_title = models.CharField(_("title"), max_length=100, default="Privacy Officer")
    officer_email = models.EmailField(_("e-mail of the officer"))
    officer_phone = models.CharField(_("phone of the officer"), max_length=60, blank=True)
    representative = models.TextField(
        _("representative"),
        blank=True,
        help_text=_("Name and contact details of the representative in the European Union (GDPR Art. 27), if any."),
    )
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    laws = models.JSONField(
        _("laws that apply"),
        default=list,
        help_text=_("Codes of the laws whose clocks apply, for example GH or CA-BC."),
    )
    promise_days = models.PositiveSmallIntegerField(
        _("days promised by the policy"),
        null=True,
        blank=True,
        help_text=_("Empty when the policy promises no period."),
    )
    promise_unit = models.CharField(
        _("counted in"),
        max_length=12,
        default="calendar_day",
        choices=[("calendar_day", _("calendar days")), ("business_day", _("business days"))],
    )
    large_run_rows = models.PositiveIntegerField(
        _("rows of a large run"),
        default=1_000,
        validators=[MaxValueValidator(MOST_LARGE_RUN_ROWS)],
        help_text=_("A run of a retention rule that changes more rows waits for a second officer."),
    )
    large_run_percent = models.PositiveSmallIntegerField(
        _("part of a table in per cent"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("So does one that changes a larger part of a table. The first run of a rule always waits."),
    )
    limits_raised_at = models.DateTimeField(_("one of the two was raised"), null=True, editable=False)

    retention_from = models.TimeField(
        _("retention works from"),
        null=True,
        blank=True,
        help_text=_("Time of day, for example 22:00. Empty when it may work at any time."),
    )
    retention_until = models.TimeField(
        _("until"), null=True, blank=True, help_text=_("May be on the next day, for example 06:00.")
    )
    source_silence_days = models.PositiveSmallIntegerField(
        _("days a source may be silent"),
        default=7,
        validators=[MinValueValidator(1)],
        help_text=_("A source that was not reached for longer is reported under Findings."),
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group of people"),
        default=5,
        validators=[MinValueValidator(2)],
        help_text=_("After anonymising, at least so many people should share the same particulars (k-anonymity)."),
    )
    identity_days = models.PositiveSmallIntegerField(
        _("days to show who one is"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_("A request whose maker does not show within so many days who they are is closed, with a letter."),
    )
    cooling_off_hours = models.PositiveSmallIntegerField(
        _("hours in which an approved erasure can be cancelled"),
        default=72,
        validators=[MaxValueValidator(24 * 14)],
        help_text=_("Approved erasures begin after so many hours; those about minors at once. 0: all begin at once."),
    )

    class Meta:
        verbose_name = _("organisation's profile")
        verbose_name_plural = _("organisation's profile")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_profile"),
            models.CheckConstraint(
                condition=Q(retention_from__isnull=True, retention_until__isnull=True)
                | (
                    Q(retention_from__isnull=False, retention_until__isnull=False)
                    & ~Q(retention_from=models.F("retention_until"))
                ),
                name="retention_hours_are_a_span",
                violation_error_message=_("Give two different times between which retention works, or none."),
            ),
        ]

    def __str__(self) -> str:
        return self.trading_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Notes when a limit is raised: whoever did it has not had a large run approved by that."""
        limits = ("large_run_rows", "large_run_percent")
        stored = OrganisationProfile.objects.filter(pk=self.pk).values(*limits).first()
        if stored is not None and any(getattr(self, name) > stored[name] for name in limits):
            self.limits_raised_at = timezone.now()
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*names, "limits_raised_at"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError for hours of retention with seconds: they are shown without."""
        super().clean()
        words = _("Write whole hours and minutes, like 22:00.")
        hours = {"retention_from": self.retention_from, "retention_until": self.retention_until}
        wrong = {name: words for name, time in hours.items() if time and (time.second or time.microsecond)}
        if wrong:
            raise ValidationError(wrong)


class HolidayOverlay(models.Model):
    """A day that does not count where a law counts days, which the list of its calendar lacks.

    It is made, changed and removed by `privacy.register.holidays` alone.
    """

    calendar = models.CharField(_("calendar"), max_length=10)
    date = models.DateField(_("day"))
    name = models.CharField(_("what it is called"), max_length=100)
    added_by = models.ForeignKey(
        Officer,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("added by"),
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-date", "calendar"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="one_holiday_a_day"),
            models.CheckConstraint(condition=~Q(name=""), name="a_holiday_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({date_format(self.date, 'j M Y')})"


class LawfulBasis(models.TextChoices):
    """Why an organisation may use data at all (GDPR Art. 6(1)); PIPEDA knows consent and its exceptions."""

    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("contract")
    LEGAL_OBLIGATION = "legal_obligation", _("legal obligation")
    VITAL_INTERESTS = "vital_interests", _("vital interests")
    PUBLIC_TASK = "public_task", _("public task")
    LEGITIMATE_INTERESTS = "legitimate_interests", _("legitimate interests")


class Purpose(models.Model):
    """Why personal data is used, in words a customer understands."""

    code = models.SlugField(_("code"), max_length=60, unique=True, db_index=False)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("plain words"))
    lawful_basis = models.CharField(_("lawful basis"), max_length=24, choices=LawfulBasis.choices)
    is_prohibited = models.BooleanField(
        _("prohibited"), default=False, help_text=_("The policy promises never to do this; naming it is refused.")
    )
    data_categories = models.JSONField(_("data categories"), default=list)
    special_categories = models.JSONField(
        _("special categories"),
        default=list,
        blank=True,
        help_text=_("Sensitive kinds of data that this purpose needs, for example health; usually none."),
    )
    retention = models.CharField(_("kept for"), max_length=200, blank=True)
    withdrawal_consequences = models.TextField(
        _("consequences of withdrawal"), blank=True, help_text=_("Shown before a person withdraws consent.")
    )
    no_withdrawal_reason = models.TextField(
        _("why consent cannot be withdrawn"),
        blank=True,
        help_text=_(
            "Only where a law or a contract that binds the person says so, with its section. People are shown it. "
            "Empty when consent can be withdrawn at any time."
        ),
    )
    valid_days = models.PositiveSmallIntegerField(
        _("days a consent is valid"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("People are asked again before it ends. Empty when it holds until it is withdrawn."),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(21)],
        help_text=_("Who is younger cannot consent; whoever has parental authority can. Empty when age is not asked."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(lawful_basis="consent") | Q(is_prohibited=True) | ~Q(withdrawal_consequences=""),
                name="consent_states_consequences",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def withdrawal_bar(self) -> str:
        """Why a consent cannot be withdrawn; empty where it can, as to what became prohibited it always can."""
        return "" if self.is_prohibited else self.no_withdrawal_reason


class Notice(models.Model):
    """A version of the privacy notice: a draft, scheduled for a day, or in force until the next one is.

    `scheduled_for` is a plan: only `published_at` says that people are shown it. Words do not change while it is
    scheduled, for people may have been told of them; once it is in force the database refuses to change them, and
    `digest` is of title and text as they were then.
    """

    fixed_since = "published_at"
    fixed_fields = ("version", "language", "title", "body", "digest")

    version = models.CharField(_("version"), max_length=20, unique=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    is_significant = models.BooleanField(
        _("a significant change"),
        default=False,
        help_text=_("People have to be told of it before it is in force: a new purpose, recipient or country, say."),
    )
    changes = models.TextField(
        _("what changes"),
        blank=True,
        help_text=_("In plain words, as people read it beside the notice and in the announcement."),
    )
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, editable=False)
    published_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    digest = models.CharField(_("SHA-256 of title and text"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.published_at is not None:
            self.digest = self.expected_digest()
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None and self.scheduled_for is None

    def expected_digest(self) -> str:
        """SHA-256 of title, line feed and text, as they stand now."""
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()


class NoticePurpose(models.Model):
    """A purpose that people were told of by a version of the notice: written when it is put into force, never changed.

    Purposes that come later are told by a later version.
    """

    append_only = True

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="told")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="told")

    class Meta:
        verbose_name = _("purpose of a notice")
        verbose_name_plural = _("purposes of notices")
        constraints = [models.UniqueConstraint(fields=["notice", "purpose"], name="notice_purpose_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.purpose_id}"
