from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatamapConfig(AppConfig):
    name = "privacy.datamap"
    label = "datamap"
    verbose_name = _("Data map")

    def ready(self) -> None:
        from privacy.datamap import jobs

        jobs.register()
