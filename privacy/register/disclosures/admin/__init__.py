"""The disclosure log on the officers' site."""

from privacy.register.disclosures.admin.pages import DisclosureAdmin

__all__ = ["DisclosureAdmin"]
