"""What people objected to, and what they had restricted."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.register.categories import DataCategory
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.enums import ChangeKind, RestrictionKind, ScopeKind
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject

NOT_OBJECTED = frozenset({LawfulBasis.CONTRACT, LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.VITAL_INTERESTS})
"""What an objection to everything spares: contracts, the law and the protection of life go on (GDPR Art. 21(1))."""


class Restriction(models.Model):
    """Data of one person that is not used: for anything, for one purpose, or in one category.

    It is in force from `in_force_from` on, until `in_force_until` (not included) if there is such a moment, and until
    it is lifted. `told_on` is the day on which the person was told that it ends, always before it does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="restrictions", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RestrictionKind.choices)
    purpose = models.ForeignKey(
        Purpose,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="restrictions",
        verbose_name=_("only for the purpose"),
    )
    category = models.CharField(_("only the data"), max_length=14, blank=True, choices=DataCategory.choices)
    ground = models.CharField(_("ground"), max_length=60, blank=True)
    case_id = models.UUIDField(null=True, editable=False)
    in_force_from = models.DateTimeField(_("since"))
    in_force_until = models.DateTimeField(_("until"), null=True, blank=True)
    placed_at = models.DateTimeField(_("placed"), auto_now_add=True)
    placed_by_kind = models.CharField(max_length=10, editable=False)
    placed_by_id = models.CharField(max_length=40, blank=True, editable=False)
    told_on = models.DateField(_("person told of its end"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_by_kind = models.CharField(max_length=10, blank=True, editable=False)
    lifted_by_id = models.CharField(max_length=40, blank=True, editable=False)
    lift_reason = EncryptedTextField(_("why it was lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("restriction or objection")
        verbose_name_plural = _("restrictions and objections")
        ordering = ["-in_force_from"]
        permissions = [("lift_restriction", "Can lift a restriction or objection")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__isnull=True) | Q(category=""), name="restriction_has_one_scope"
            ),
            models.CheckConstraint(
                condition=~Q(kind="marketing") | Q(purpose__isnull=False), name="marketing_objection_names_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason__isnull=True, lifted_by_kind="")
                | (Q(lifted_at__isnull=False, lift_reason__isnull=False) & ~Q(lifted_by_kind="")),
                name="lifted_restriction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, in_force_until__isnull=True) | Q(told_on__isnull=False),
                name="restriction_ends_for_whom_was_told",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind", "purpose", "category"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="restriction_once",
            ),
        ]
        indexes = [models.Index(fields=["case_id"], name="restriction_of_case", condition=Q(case_id__isnull=False))]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def scope(self) -> ScopeKind:
        """How much it is about."""
        if self.purpose_id is not None:
            return ScopeKind.PURPOSE
        return ScopeKind.CATEGORY if self.category else ScopeKind.EVERYTHING

    @property
    def is_in_force(self) -> bool:
        """Whether it holds now."""
        return self.holds_at(timezone.now())

    def holds_at(self, moment: datetime) -> bool:
        """Whether it holds at a moment; same meaning as `selectors.in_force`."""
        ends = (end for end in (self.in_force_until, self.lifted_at) if end is not None)
        return self.in_force_from <= moment and all(moment < end for end in ends)

    def reaches(self, purpose: Purpose | None = None, category: str = "") -> bool:
        """Whether a use of the person's data is among what this is about.

        Args:
            purpose: what the data would be used for; None when the use has none, or any.
            category: a `DataCategory` of the data that would be used; empty when it is not said.
        """
        match self.scope:
            case ScopeKind.PURPOSE:
                return purpose is not None and purpose.pk == self.purpose_id
            case ScopeKind.CATEGORY:
                return category == self.category
        if self.kind == RestrictionKind.OBJECTION and purpose is not None:
            return purpose.lawful_basis not in NOT_OBJECTED
        return True


class RestrictionChange(models.Model):
    """What happened to a restriction, numbered in the order of commits, so that systems miss none.

    A number is taken only while every other writer waits: see `services`.
    """

    restriction = models.ForeignKey(Restriction, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(_("what"), max_length=8, choices=ChangeKind.choices)
    changed_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("change of a restriction")
        verbose_name_plural = _("changes of restrictions")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_what_display()
