from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from privacy.errands.standing import register_listener
        from retention import jobs
        from retention.errands import errand_moved

        jobs.register()
        register_listener(errand_moved)
