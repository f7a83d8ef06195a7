"""What can be done with many cases at once. Nothing that decides a case or touches data is ever among it."""

from requests.admin.bulk import acknowledging, assigning, exporting, joining, reminding
from requests.admin.bulk.shape import BulkAct

BULK_ACTS: tuple[BulkAct, ...] = (assigning.ACT, reminding.ACT, acknowledging.ACT, joining.ACT, exporting.ACT)

__all__ = ["BULK_ACTS", "BulkAct"]
