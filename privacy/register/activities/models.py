"""What the organisation does with personal data: its processing activities, and what it does without consent."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.register.categories import category_words
from privacy.register.models import GroundWithoutConsent, Purpose, Recipient
from privacy.subjects.fields import EncryptedTextField


class ProcessingActivity(models.Model):
    """One line of the record of processing activities (GDPR Art. 30(1); RoPA).

    Who the controller is, its representative and its officer stand in the organisation's profile. Lawful bases are
    those of the purposes; transfers follow from the recipients, their countries and safeguards. Fields that the law
    wants and that may be filled later can be empty: `checking` names what is missing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("what is done"), help_text=_("In a few sentences: with which data, how, and why."))
    purposes = models.ManyToManyField(Purpose, verbose_name=_("purposes"), blank=True, related_name="activities")
    subject_groups = models.JSONField(_("groups of people"), default=list)
    data_categories = models.JSONField(_("kinds of data"), default=list)
    special_categories = models.JSONField(_("special categories"), default=list, blank=True)
    special_condition = models.CharField(
        _("what allows the special categories"),
        max_length=200,
        blank=True,
        help_text=_("For example GDPR Art. 9(2)(h). Empty when there are none."),
    )
    interests = models.TextField(
        _("legitimate interests"),
        blank=True,
        help_text=_("Which they are, and how they were weighed. Needed when a purpose rests on them."),
    )
    recipients = models.ManyToManyField(Recipient, verbose_name=_("recipients"), blank=True, related_name="activities")
    sources = models.JSONField(_("where the data comes from"), default=list, blank=True)
    retention = models.TextField(
        _("time limits of erasure"), blank=True, help_text=_("As in the retention rules, by kind of data if need be.")
    )
    security = models.TextField(
        _("security measures"), blank=True, help_text=_("Technical and organisational, in general (GDPR Art. 32(1)).")
    )
    is_automated = models.BooleanField(
        _("decides about people by itself"),
        default=False,
        help_text=_("Decisions that no human takes and that matter to the person (GDPR Art. 22)."),
    )
    decision_logic = models.TextField(
        _("how it decides"), blank=True, help_text=_("The logic in plain words, and what follows for the person.")
    )
    impact_assessment = models.CharField(
        _("impact assessment"), max_length=120, blank=True, help_text=_("Number or name by which you find it.")
    )
    joint_controllers = models.TextField(
        _("joint controllers"), blank=True, help_text=_("Names and contact details; empty when there are none.")
    )
    owner = models.CharField(
        _("who answers for it"), max_length=120, help_text=_("A department or a role rather than one person.")
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("Empty while it goes on."))
    reviewed_on = models.DateField(_("last reviewed"), null=True, editable=False)
    review_on = models.DateField(_("review on"), help_text=_("At the latest a year from now."))
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("processing activity")
        verbose_name_plural = _("processing activities")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_automated=False) | ~Q(decision_logic=""), name="automated_decisions_say_how"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def data_words(self) -> str:
        return category_words(self.data_categories)

    def is_active_on(self, day: date) -> bool:
        return self.ended_on is None or day < self.ended_on


class Standing(models.TextChoices):
    """Where processing without consent stands."""

    AWAITING = "awaiting", _("waits for a second officer")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    ENDED = "ended", _("ended")


class ProcessingWithoutConsent(models.Model):
    """Something that is done with data though nobody was asked: on which of the six grounds, and who approved.

    What was entered is never changed, so that it is what the second officer approved; something else is a new entry.
    A declined one ends on the day of the decision.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ground = models.CharField(_("ground"), max_length=16, choices=GroundWithoutConsent.choices)
    authority = models.CharField(_("provision, order or file"), max_length=120)
    what = EncryptedTextField(_("what is done"))
    about_whom = models.CharField(_("about whom"), max_length=120)
    categories = models.JSONField(_("kinds of data"))
    purpose = models.ForeignKey(
        Purpose,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="without_consent",
        verbose_name=_("purpose"),
    )
    begins_on = models.DateField(_("begins on"))
    review_on = models.DateField(_("review on"))
    standing = models.CharField(_("state"), max_length=8, choices=Standing.choices, default=Standing.AWAITING)
    entered_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    reviewed_on = models.DateField(_("last reviewed"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)
    end_reason = EncryptedTextField(_("why it ended"), null=True)

    class Meta:
        verbose_name = _("processing without consent")
        verbose_name_plural = _("processing without consent")
        ordering = ["-entered_at"]
        permissions = [("approve_processingwithoutconsent", "Can approve processing without consent")]
        constraints = [
            models.CheckConstraint(condition=~Q(authority=""), name="processing_has_authority"),
            models.CheckConstraint(condition=~Q(categories=[]), name="processing_is_of_something"),
            models.CheckConstraint(
                condition=Q(standing="awaiting", decided_at__isnull=True)
                | (~Q(standing="awaiting") & Q(decided_at__isnull=False)),
                name="decided_processing_says_when",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=["awaiting", "approved"], ended_on__isnull=True, end_reason__isnull=True)
                | Q(standing__in=["declined", "ended"], ended_on__isnull=False, end_reason__isnull=False),
                name="ended_processing_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()} ({self.authority})"

    @property
    def categories_words(self) -> str:
        return category_words(self.categories)

    @property
    def is_over(self) -> bool:
        return self.standing in (Standing.DECLINED, Standing.ENDED)
