from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "privacy.tenants"
    label = "tenants"
    verbose_name = _("Installation")

    def ready(self) -> None:
        from privacy.tenants import checks  # noqa: F401  registers the system checks
