from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from privacy.datamap.enums import FindingCode
        from privacy.datamap.services.findings import register_dismissal
        from privacy.datamap.services.looking import register_look
        from retention import jobs
        from retention.erased.returned import let_stay
        from retention.without_rule import without_rule

        jobs.register()
        register_dismissal(FindingCode.ERASED_CAME_BACK, let_stay)
        register_look([FindingCode.NO_RETENTION_RULE], without_rule)
