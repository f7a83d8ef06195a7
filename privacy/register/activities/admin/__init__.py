"""The record of processing on the officers' site."""

from privacy.register.activities.admin.activities import ActivityAdmin
from privacy.register.activities.admin.without_consent import WithoutConsentAdmin

__all__ = ["ActivityAdmin", "WithoutConsentAdmin"]
