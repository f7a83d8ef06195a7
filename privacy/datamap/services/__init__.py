"""What can be done to the data map."""

from privacy.datamap.services.confirming import confirm_dataset, forget_dataset
from privacy.datamap.services.connecting import SourceReport, check_source, connect_source
from privacy.datamap.services.discovering import Findings, discover
from privacy.datamap.services.findings import dismiss_finding, reopen_finding
from privacy.datamap.services.own_map import map_own_tables
from privacy.datamap.services.readdressing import change_address

__all__ = [
    "Findings",
    "SourceReport",
    "change_address",
    "check_source",
    "confirm_dataset",
    "connect_source",
    "discover",
    "dismiss_finding",
    "forget_dataset",
    "map_own_tables",
    "reopen_finding",
]
