from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffboardingConfig(AppConfig):
    name = "privacy.offboarding"
    label = "offboarding"
    verbose_name = _("Closing")

    def ready(self) -> None:
        from privacy.offboarding import jobs

        jobs.register()
