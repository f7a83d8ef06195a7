from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "privacy.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from privacy.ledger import jobs

        jobs.register()
