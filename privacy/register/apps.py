from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "privacy.register"
    label = "register"
    verbose_name = _("Register of processing")

    def ready(self) -> None:
        from privacy.ledger.verification import register_check
        from privacy.register import jobs
        from privacy.register.verifying import altered_notices

        jobs.register()
        register_check(altered_notices)
