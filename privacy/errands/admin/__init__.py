"""Sources that are no database, on the officers' site."""

from privacy.errands.admin.sources import SourceAdmin

__all__ = ["SourceAdmin"]
