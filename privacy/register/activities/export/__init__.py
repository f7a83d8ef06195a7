"""The record of processing activities as files: one shape, four formats."""

from privacy.register.activities.export.formats import FORMATS, Format
from privacy.register.activities.export.shape import Record, record_of_processing

__all__ = ["FORMATS", "Format", "Record", "record_of_processing"]
