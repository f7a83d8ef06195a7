"""The record of processing activities and the register of processing without consent as files."""

from privacy.register.activities.export.formats import FORMATS, WITHOUT_CONSENT_FORMATS
from privacy.register.activities.export.shape import Record, record_of_processing
from privacy.register.activities.export.without_consent import register_of_processing_without_consent

__all__ = [
    "FORMATS",
    "WITHOUT_CONSENT_FORMATS",
    "Record",
    "record_of_processing",
    "register_of_processing_without_consent",
]
