"""People who work for an organisation, and the keys of its own systems."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from privacy.tenants.rows import rows


class Role(models.TextChoices):
    """What an officer is. What each may do: `privacy.officers.roles`."""

    PRIVACY_OFFICER = "privacy_officer", _("Privacy Officer")
    CASE_HANDLER = "case_handler", _("Case handler")
    AUDITOR = "auditor", _("Auditor")


class OfficerManager(BaseUserManager["Officer"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Officer":
        officer = self.model(email=self.normalize_email(email).lower(), **fields)
        officer.set_password(password)
        officer.full_clean(exclude=["password"])
        officer.save()
        return officer

    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(email__iexact=username)


class Officer(AbstractBaseUser, PermissionsMixin):
    """Staff of an organisation. Rights come from the role, and for single cases from guardian."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("active"), default=True)
    password_set_by = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("temporary password by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    is_superuser = False  # nobody is above the roles; the column that Django would add is left out

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name", "role"]
    objects = OfficerManager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()  # two spellings of one address would be two accounts
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """A password is one's own, unless `hand_password` says who else knows it."""
        super().set_password(raw_password)
        self.password_set_by = None

    def hand_password(self, raw_password: str, *, by: "Officer") -> None:
        """Set a password that another officer gets to see: until it is changed, that officer can act as this one."""
        self.set_password(raw_password)
        self.password_set_by = by

    @property
    def is_staff(self) -> bool:
        return self.is_active


class Scope(models.TextChoices):
    """What a key of the organisation's own systems may do."""

    CONSENTS_WRITE = "consents:write", _("record consents")
    CONSENTS_READ = "consents:read", _("look consents up")
    DISCLOSURES_WRITE = "disclosures:write", _("record disclosures")
    REQUESTS_WRITE = "requests:write", _("send subject requests")
    REQUESTS_READ = "requests:read", _("see where subject requests stand")
    RESTRICTIONS_READ = "restrictions:read", _("look restrictions and objections up")
    RETENTION_READ = "retention:read", _("see runs of retention and their certificates")


class ApiKeyManager(APIKeyManager):
    """Finds the key of each call with one plain statement."""

    def get_from_key(self, key: str) -> "ApiKey":
        """The key, if there is such a one that is not revoked. Whether it has expired the caller asks.

        Raises:
            ApiKey.DoesNotExist: there is none.
        """
        found = rows(ApiKey, "WHERE prefix = %s AND NOT revoked", [key.partition(".")[0]])
        if not found or not found[0].is_valid(key):
            raise ApiKey.DoesNotExist
        return found[0]


class ApiKey(AbstractAPIKey):
    """A key with which the organisation's own systems speak to the API. Only its hash is kept."""

    objects: ClassVar[ApiKeyManager] = ApiKeyManager()

    scopes = models.JSONField(_("scopes"), default=list)
    created_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-created",)
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
