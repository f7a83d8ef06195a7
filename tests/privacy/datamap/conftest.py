"""Sources for the tests of the data map."""

from tests.sources import crm, offixpro

__all__ = ["crm", "offixpro"]
