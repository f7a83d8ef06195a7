"""To whom personal data may be disclosed: who they are, under which contract, in which country."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.register.models.organisation import Purpose


class RecipientKind(models.TextChoices):
    PROVIDER = "provider", _("provider under contract")
    AUTHORITY = "authority", _("authority")
    SUCCESSOR = "successor", _("successor of the business")
    OTHER = "other", _("other")


class Safeguard(models.TextChoices):
    """What protects data in the recipient's country (GDPR Art. 44-49; PIPEDA, schedule 1, 4.1.3)."""

    NONE_NEEDED = "none_needed", _("none needed: it stays in the country")
    ADEQUACY = "adequacy", _("decision that the country protects data well enough")
    STANDARD_CLAUSES = "standard_clauses", _("standard contractual clauses")
    BINDING_RULES = "binding_rules", _("binding corporate rules")
    CONTRACT = "contract", _("contract with a duty of confidence")
    CONSENT = "consent", _("consent of the person")
    LEGAL_OBLIGATION = "legal_obligation", _("required by law")


class Recipient(models.Model):
    """Somebody to whom personal data is disclosed."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("what they are"), max_length=12, choices=RecipientKind.choices, default=RecipientKind.PROVIDER
    )
    role = models.CharField(_("what they do for us"), max_length=200)
    contract_reference = models.CharField(
        _("contract"), max_length=120, blank=True, help_text=_("Number or name by which you find it.")
    )
    contract_from = models.DateField(_("contract of"), null=True, blank=True)
    contract_until = models.DateField(
        _("contract valid until"), null=True, blank=True, help_text=_("Empty when it has no end.")
    )
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, for example GH or CA."))
    safeguard = models.CharField(_("safeguard"), max_length=20, choices=Safeguard.choices, blank=True)
    safeguard_note = models.CharField(
        _("about the safeguard"), max_length=200, blank=True, help_text=_("For example the version of the clauses.")
    )
    policy_url = models.URLField(_("their privacy policy"), blank=True)
    # of an office, not of a person: like the organisation's own, they are no data about anybody
    notice_email = models.EmailField(
        _("e-mail address for notices"),
        blank=True,
        help_text=_("Of an office rather than of one person. They are told here when data is corrected."),
    )
    postal_address = models.TextField(_("postal address for notices"), blank=True)
    language = models.CharField(_("language of notices"), max_length=5, blank=True)  # empty: the organisation's
    data_categories = models.JSONField(_("data categories"), default=list)
    purposes = models.ManyToManyField(Purpose, verbose_name=_("purposes"), blank=True, related_name="recipients")
    inactive_since = models.DateField(
        _("inactive since"),
        null=True,
        blank=True,
        help_text=_("Nothing is disclosed to them from this day on. Empty while they are active."),
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_from__isnull=True)
                | Q(contract_until__isnull=True)
                | Q(contract_until__gte=models.F("contract_from")),
                name="contract_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def safeguard_words(self) -> str:
        """The safeguard as people are told it; empty when nothing is said about it."""
        coded = str(Safeguard(self.safeguard).label) if self.safeguard else ""
        return ": ".join(part for part in (coded, self.safeguard_note) if part)

    def is_active_on(self, day: date) -> bool:
        return self.inactive_since is None or day < self.inactive_since
