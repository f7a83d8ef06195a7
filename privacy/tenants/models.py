"""The registry of organisations. Lives in the public schema only; no personal data of data subjects is ever here."""

import secrets
import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from privacy.tenants.names import PUBLIC_SCHEMA


def new_key_salt() -> bytes:
    return secrets.token_bytes(32)


class Organisation(TenantMixin):
    """A tenant: one organisation, one schema, one PostgreSQL role.

    `key_salt` goes into every data key of the organisation. Overwriting it makes all that was encrypted for the
    organisation unreadable here; a backup made before holds the salt as well, and ends with its own time.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        CANCELLED = "cancelled", _("Cancelled")
        DESTROYING = "destroying", _("Being destroyed")

    auto_create_schema = False
    auto_drop_schema = False

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=30, unique=True, db_index=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.ACTIVE)
    shard = models.CharField(_("database cell"), max_length=30, default="default")
    schema_version = models.CharField(max_length=64, blank=True, editable=False)
    key_salt = models.BinaryField(default=new_key_salt, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    destroy_at = models.DateTimeField(_("destroyed from"), null=True, editable=False)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", cancelled_at__isnull=True, destroy_at__isnull=True)
                | (~Q(state="active") & Q(cancelled_at__isnull=False, destroy_at__isnull=False)),
                name="organisation_cancelled_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_cancelled(self) -> bool:
        """Read-only until `destroy_at`: pages open, nothing is changed."""
        return self.state == self.State.CANCELLED

    @property
    def has_pages(self) -> bool:
        """Whether its host is answered at all."""
        return self.is_active or self.is_cancelled

    @property
    def is_public(self) -> bool:
        return self.schema_name == PUBLIC_SCHEMA


class Domain(DomainMixin):
    """A host name under which an organisation's portal answers."""

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")


class DestructionCertificate(models.Model):
    """What is left of an organisation that was destroyed: counts, times and digests, and no personal data.

    It is written when the destruction begins, because afterwards nothing can be counted, and signed when it is done.
    `content` is what `signed` (a JSON Web Signature) says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schema_name = models.CharField(_("schema"), max_length=63)
    name = models.CharField(_("organisation"), max_length=200)
    content = models.JSONField(_("what was destroyed"))
    signed = models.TextField(_("signed certificate"), blank=True)
    began_at = models.DateTimeField(_("begun"))
    completed_at = models.DateTimeField(_("destroyed"), null=True)

    class Meta:
        verbose_name = _("certificate of destruction")
        verbose_name_plural = _("certificates of destruction")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["schema_name"], condition=Q(completed_at__isnull=True), name="one_destruction_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, signed="") | (Q(completed_at__isnull=False) & ~Q(signed="")),
                name="completed_destruction_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchemaSnapshot(models.Model):
    """The template schema as one SQL text, ready to be replayed for a new organisation."""

    version = models.CharField(max_length=64, unique=True)
    sql = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.version[:12]


class RenderedMigration(models.Model):
    """One migration of the organisations' tables as SQL, rendered once against the template schema.

    `sql` is null for a migration that cannot be written as SQL; it is then run by Django, schema by schema.
    """

    app = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    sql = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="rendered_migration_once")]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


class OperatorManager(BaseUserManager["Operator"]):
    def get_by_natural_key(self, username: str | None) -> "Operator":
        return self.get(email__iexact=username)


class Operator(AbstractBaseUser):
    """Someone who runs the installation. Signs in on the public host only and sees no organisation's data."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("active"), default=True)

    USERNAME_FIELD = "email"
    objects = OperatorManager()

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()  # two spellings of one address would be two accounts
        super().save(*args, **kwargs)

    @property
    def is_staff(self) -> bool:
        return self.is_active

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Operators may do all that the operator's site offers; the site registers public models only."""
        return self.is_active and perm.startswith(("tenants.", "jobs."))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and app_label in ("tenants", "jobs")
