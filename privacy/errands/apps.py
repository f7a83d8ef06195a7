from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ErrandsConfig(AppConfig):
    name = "privacy.errands"
    label = "errands"
    verbose_name = _("Work")

    def ready(self) -> None:
        from privacy.datamap.asking import AskingKind, register_asking_kind
        from privacy.datamap.models import SourceKind
        from privacy.errands import jobs, manual
        from privacy.errands.processor import asking, proceeding
        from privacy.errands.standing import register_proceed

        register_asking_kind(SourceKind.MANUAL, AskingKind(manual.ask, manual.words))
        register_proceed(SourceKind.MANUAL, manual.proceed)
        register_asking_kind(SourceKind.OPENDSR, AskingKind(asking.ask, asking.words, proceeding.waited_for_since))
        register_proceed(SourceKind.OPENDSR, proceeding.proceed)
        jobs.register()
