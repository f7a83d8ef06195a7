"""Sources for the tests of the data map."""

from tests.sources import _offixpro_template, crm, offixpro

__all__ = ["_offixpro_template", "crm", "offixpro"]
