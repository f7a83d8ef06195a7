from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubjectsConfig(AppConfig):
    name = "privacy.subjects"
    label = "subjects"
    verbose_name = _("Data subjects")

    def ready(self) -> None:
        from privacy.subjects import jobs

        jobs.register()
