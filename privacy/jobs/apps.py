from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "privacy.jobs"
    label = "jobs"
    verbose_name = _("Installation")

    def ready(self) -> None:
        import_module(settings.CELERY_APP)  # the wiring's app becomes the one that tasks are sent through
