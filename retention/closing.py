"""Closing the record of a run: its digest is taken; the bounds of its work, which are keys of rows, are removed."""

from privacy.datamap.engine.journal import digest_of
from retention.journal import as_chunk
from retention.models import Run, RunChunk, RunPart


def close_record(run: Run) -> None:
    """Close the record of a run whose chunks are all settled, in the caller's transaction."""
    for step in run.steps.all():
        chunks = list(step.chunks.order_by("part", "number"))
        if chunks and chunks[0].content is not None:
            step.digest = digest_of(as_chunk(each) for each in chunks)
            step.save(update_fields=["digest"])
    RunChunk.objects.filter(step__run=run).update(content=None)
    RunPart.objects.filter(step__run=run).update(content=None)
    run.steps.update(content=None)


def is_closed(run: Run) -> bool:
    """Whether nothing in the record of a run leads to a row any more."""
    keys = (model.objects.filter(step__run=run, content__isnull=False).exists() for model in (RunChunk, RunPart))
    passes = run.steps.filter(content__isnull=False).exists()
    return run.frozen_keys is None and not passes and not any(keys)
