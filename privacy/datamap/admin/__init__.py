"""Sources, datasets and findings on the officers' site."""

from privacy.datamap.admin.datasets import DatasetAdmin
from privacy.datamap.admin.findings import FindingAdmin
from privacy.datamap.admin.sources import SourceAdmin

__all__ = ["DatasetAdmin", "FindingAdmin", "SourceAdmin"]
