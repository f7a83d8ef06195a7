"""What the data map has to know about the sample databases: every table, column and retention rule."""

from demo.crm.back_office.catalogue import BACK_OFFICE_CATALOGUE
from demo.crm.classification import Catalogue
from demo.crm.offixpro.catalogue import OFFIXPRO_CATALOGUE

CATALOGUES: tuple[Catalogue, ...] = (OFFIXPRO_CATALOGUE, BACK_OFFICE_CATALOGUE)

__all__ = ["BACK_OFFICE_CATALOGUE", "CATALOGUES", "OFFIXPRO_CATALOGUE"]
