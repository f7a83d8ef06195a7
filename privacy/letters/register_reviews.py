"""Telling the officers that processing without consent is due for review. It never ends by itself."""

from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.letters.to_officers import write_to_officers
from privacy.register.activities.models import ProcessingWithoutConsent
from privacy.register.selectors import local_date


def tell_officers(processing: ProcessingWithoutConsent) -> None:
    """Write to them, in the transaction that writes down that the review is due: once for each review date."""
    context: dict[str, object] = {
        "entered_on": local_date(processing.entered_at),
        "page": portal_url(f"/officer/activities/processingwithoutconsent/{processing.pk}/change/"),
    }
    write_to_officers(kind="processing_review", context=context, actor=SYSTEM)
