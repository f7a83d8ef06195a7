"""Sources and datasets on the officers' site."""

from privacy.datamap.admin.datasets import DatasetAdmin
from privacy.datamap.admin.sources import SourceAdmin

__all__ = ["DatasetAdmin", "SourceAdmin"]
