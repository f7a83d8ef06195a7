from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from privacy.datamap.minimums import register_minimums
        from retention import jobs
        from retention.minimums import legal_minimums

        jobs.register()
        register_minimums(legal_minimums)
