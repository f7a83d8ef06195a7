from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "privacy.register.activities"
    label = "activities"
    verbose_name = _("Register of processing")

    def ready(self) -> None:
        from privacy.register.activities import jobs

        jobs.register()
