"""A source that has moved: what the old server would have known of unfinished work, the new one does not."""

from privacy.datamap.models import Source
from retention.enums import ChunkState
from retention.models import RunChunk


def forget_transactions(source: Source) -> None:
    """Have nobody ask the new server about transactions of the old one; what is left in the rows tells instead."""
    prepared = RunChunk.objects.filter(step__run__source=source, state=ChunkState.PREPARED)
    prepared.update(transaction_id="")
