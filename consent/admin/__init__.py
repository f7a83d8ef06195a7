"""Consent on the officers' site."""

from consent.admin.campaigns import OptOutCampaignAdmin
from consent.admin.pages import ConsentRecordAdmin, CurrentConsentAdmin
from consent.admin.wordings import WordingAdmin

__all__ = ["ConsentRecordAdmin", "CurrentConsentAdmin", "OptOutCampaignAdmin", "WordingAdmin"]
