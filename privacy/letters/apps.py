from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "privacy.letters"
    label = "letters"
    verbose_name = _("Proof")

    def ready(self) -> None:
        from privacy.letters import jobs
        from privacy.letters.register_reviews import tell_officers
        from privacy.register.activities.listening import register_listener

        jobs.register()
        register_listener(tell_officers)
