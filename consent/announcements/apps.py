from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnouncementsConfig(AppConfig):
    name = "consent.announcements"
    label = "announcements"
    verbose_name = _("Privacy notices")

    def ready(self) -> None:
        from consent.announcements import jobs
        from consent.announcements.letter import KIND
        from consent.announcements.progress import end_with_its_notice
        from consent.announcements.standing import says_what_stands, taken_back_at
        from privacy.letters.addressing import register_truth_check
        from privacy.register.listening import register_listener, register_witness

        jobs.register()
        register_listener(end_with_its_notice)
        register_witness(taken_back_at)
        register_truth_check(KIND, says_what_stands)
