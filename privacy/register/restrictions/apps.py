from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestrictionsConfig(AppConfig):
    name = "privacy.register.restrictions"
    label = "restrictions"
    verbose_name = _("Register of processing")

    def ready(self) -> None:
        from privacy.register.restrictions import jobs

        jobs.register()
