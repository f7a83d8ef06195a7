"""What was decided about each part of what a person asked for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import DataCategory
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from requests.enums import Verdict
from requests.models.cases import SubjectRequest


class CategoryDecision(models.Model):
    """The decision about one category of data, in every table or in one, or about one place where somebody is asked.

    `services.decide_case` is the only door. A line counts as long as its case is decided (`decided_at`); a new decision
    replaces all lines of the earlier one.

    category: empty for a place that is no database, and for a case that was refused as a whole.
    source_id, dataset_key: the table, when it is about one; 0 and empty for every table. No foreign keys: a table that
        leaves the data map must not widen what was decided about it.
    seen: the columns that it is about, as they were found, by "<source>/<dataset>".
    left_out: of these, the columns that a partial grant leaves out.
    severed: what is left out, in words for the person.
    """

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="decisions")
    category = models.CharField(_("kind of data"), max_length=16, choices=DataCategory.choices, blank=True)
    source_id = models.BigIntegerField(default=0)
    dataset_key = models.CharField(max_length=130, blank=True)
    where = models.CharField(_("where"), max_length=300, blank=True)
    decision = models.CharField(_("decision"), max_length=8, choices=Verdict.choices)
    ground = models.CharField(_("ground in law"), max_length=60, blank=True)
    reasons = EncryptedTextField(_("reasons"), null=True, blank=True)
    severed = EncryptedTextField(_("what is left out"), null=True, blank=True)
    alternatives = models.JSONField(_("offered instead"), default=list)
    own_alternative = EncryptedTextField(_("offered instead, in the officer's words"), null=True, blank=True)
    seen = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    nothing_severable = models.BooleanField(_("nothing of it can be given"), default=False)
    waited_from = models.DateField(_("those who may object were told on"), null=True)
    authority_notified_on = models.DateField(_("authority notified on"), null=True)
    authority_notified_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision about a kind of data")
        verbose_name_plural = _("decisions about kinds of data")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "category", "source_id", "dataset_key"], name="decided_once"),
            models.CheckConstraint(
                condition=Q(decision__in=["grant", "unasked"], ground="", reasons__isnull=True)
                | ~Q(decision__in=["grant", "unasked"]) & ~Q(ground=""),
                name="refused_on_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(decision="partial") | Q(severed__isnull=False), name="severed_says_what_is_left_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or '-'} {self.decision}"
