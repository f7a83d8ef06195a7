"""Statutory minimums, and retention rules with all their versions."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Action, DataCategory, Dataset, LetterRole
from retention.enums import Protects, WithoutAddress
from retention.period_fields import CountedFromEvent
from retention.precedence import check_notice, check_order


class Minimum(CountedFromEvent):
    """How long the law wants rows of a dataset kept at least. It beats an erasure and every rule, for its own rows.

    `stands_over_shorter_rules`: of one that no officer enters, who could first make the rule longer. It is stored all
    the same and keeps its rows when the rule runs.
    """

    stands_over_shorter_rules = False

    name = models.CharField(_("name"), max_length=150, unique=True)
    citation = models.CharField(_("law and section"), max_length=200)
    protects = models.CharField(_("forbids"), max_length=6, choices=Protects.choices, default=Protects.ROWS)

    class Meta:
        verbose_name = _("statutory minimum")
        verbose_name_plural = _("statutory minimums")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="minimum_has_a_period")]

    def __str__(self) -> str:
        return self.name

    def forbids(self, action: str) -> bool:
        """Whether its rows are kept from an action."""
        return action == Action.DELETE or (action == Action.MASK and self.protects == Protects.VALUES)

    def clean(self) -> None:
        """Raises ValidationError also when a rule would begin before the minimum is over."""
        super().clean()
        if self.is_active and self.dataset_id is not None and not self.stands_over_shorter_rules:
            for rule in Rule.objects.filter(dataset_id=self.dataset_id):
                check_order(rule=rule, minimum=self)


class Rule(CountedFromEvent):
    """How long rows of a dataset are kept at most, counted from an event, and what happens then.

    `along` are datasets whose rows hang from the rows to be deleted, and go with them. With `notice_days`, the person
    whom a row is about is told so many days before: see `retention.notices`. `problem` says in words why the last
    attempt to plan failed.
    """

    name = models.CharField(_("name"), max_length=150, unique=True)
    category = models.CharField(
        _("only data of the kind"),
        max_length=14,
        blank=True,
        choices=DataCategory.choices,
        help_text=_("Then only columns of this kind are anonymised, in the dataset and in all that belong to it."),
    )
    along = models.ManyToManyField(
        Dataset, blank=True, related_name="+", verbose_name=_("deleted together with its rows in")
    )
    action = models.CharField(
        _("what happens then"),
        max_length=6,
        choices=[(Action.MASK, Action.MASK.label), (Action.DELETE, Action.DELETE.label)],
    )
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True, help_text=_("The last day."))
    turn = models.PositiveSmallIntegerField(
        _("turn"),
        default=0,
        help_text=_("Of rules over one source, those with a lower number are carried out first."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("The person is told by letter so many days before. Leave it empty where nobody is to be told."),
    )
    without_address = models.CharField(
        _("where there is no mail address"),
        max_length=4,
        choices=WithoutAddress.choices,
        default=WithoutAddress.WAIT,
        help_text=_("Only for rules with notice. A row whose letter could not be delivered always waits."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    last_checked_on = models.DateField(_("last found nothing due"), null=True, editable=False)

    _DEMANDS = (
        "dataset_id", "start_event", "start_dataset_id", "start_column", "conditions", "path", "amount", "unit",
        "year_end", "action", "category", "in_force_from", "in_force_until", "is_active", "notice_days",
        "without_address",
    )  # fmt: skip

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["name"]
        permissions = [("start_run", "Can start a retention run")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="rule_has_a_period"),
            models.CheckConstraint(
                condition=Q(in_force_until__gte=models.F("in_force_from"))
                | Q(in_force_until=None)
                | Q(in_force_from=None),
                name="rule_begins_before_it_ends",
                violation_error_message=_("The rule would end before it begins: correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=Q(category="") | Q(action=Action.MASK),
                name="rule_over_a_category_anonymises",
                violation_error_message=_(
                    "A rule over one kind of data can only anonymise: the rest of the row stays."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError also when it would begin before a minimum is over, nobody knows whom to tell, or
        the notice is as long as the period."""
        super().clean()
        if self.notice_days and self.amount and self.unit:
            check_notice(notice_days=self.notice_days, period=self.period)
        if self.dataset_id is not None:
            if self.notice_days and (problem := self.notice_problem()):
                raise ValidationError({"notice_days": problem})
            for minimum in Minimum.objects.filter(dataset_id=self.dataset_id, is_active=True):
                check_order(rule=self, minimum=minimum)

    def is_followed(self, day: dt.date) -> bool:
        """Whether it is switched on and in force on a day, where the organisation is."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return self.is_active and begun and (self.in_force_until is None or day <= self.in_force_until)

    def notice_problem(self) -> str:
        """Why nobody can be told about rows of the dataset, and what to declare; empty when they can be."""
        if not self.dataset.fields.filter(letter_role=LetterRole.ADDRESS).exists():
            words = _now(
                "Nobody can be told: the data map does not say which column of “%(dataset)s” is the mail address of "
                "the person. Open the dataset, choose “%(role)s” at that column under “%(field)s”, and confirm it."
            )
            field = self.dataset.fields.model._meta.get_field("letter_role").verbose_name
            return words % {"dataset": self.dataset.label, "role": LetterRole.ADDRESS.label, "field": field}
        return ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A change of what the rule demands, or of whether it is followed, makes the next version."""
        stored = Rule.objects.filter(pk=self.pk).values(*self._DEMANDS).first() if self.pk is not None else None
        if stored is not None and any(stored[name] != getattr(self, name) for name in self._DEMANDS):
            self.version += 1
            self.last_checked_on = None
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*names, "version", "last_checked_on"}
        super().save(*args, **kwargs)


class RuleVersion(models.Model):
    """What a rule said for some time, as data and in the words that officers read. Never changed, only ended."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions", verbose_name=_("rule"))
    number = models.PositiveIntegerField(_("version"))
    definition = models.JSONField(_("definition"))
    words = models.TextField(_("in words"))
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(valid_until__isnull=True), name="one_version_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
