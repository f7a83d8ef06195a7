from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from consent import jobs
        from consent.agreed import agreed_to
        from consent.documents import documents_in_the_clear
        from consent.keys.services import published_receipt_keys
        from consent.selectors import how_many_agreed, how_many_said_no
        from consent.services import links
        from consent.unsubscribing import unsubscribe_address
        from consent.verifying import altered_evidence, altered_terms, altered_words
        from consent.wanted import is_wanted
        from privacy.ledger.signing import register_own_keys
        from privacy.ledger.verification import register_check
        from privacy.letters.addressing import register_wanted_check
        from privacy.letters.unsubscribing import register_unsubscribing
        from privacy.offboarding.files import register_files
        from privacy.register.disclosures.told import register_told
        from privacy.register.standing_consents import register_count
        from privacy.subjects.enquiries import register_resolver

        jobs.register()
        register_files(documents_in_the_clear)
        register_told(agreed_to)
        register_count(agreed=how_many_agreed, said_no=how_many_said_no)
        register_resolver(links.ENQUIRY, links.resolve_preferences_link)
        register_own_keys(published_receipt_keys)
        register_unsubscribing(unsubscribe_address)
        register_wanted_check(is_wanted)
        register_check(altered_words)
        register_check(altered_terms)
        register_check(altered_evidence)
