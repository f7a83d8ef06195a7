from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "privacy.register"
    label = "register"
    verbose_name = _("Register of processing")

    def ready(self) -> None:
        from privacy.register import jobs

        jobs.register()
