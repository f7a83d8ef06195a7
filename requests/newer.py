"""What erasures on request left because it came after the day of the request."""

from requests.models import SubjectRequest
from retention.enums import RunState
from retention.models import RunStep


def newer_left(case: SubjectRequest) -> list[tuple[str, int]]:
    """By table, its name and how many rows were left, as they were counted at the end of the runs of a case."""
    ended = RunStep.objects.filter(run__case_id=case.pk, run__state=RunState.COMPLETED, newer__isnull=False)
    counts: dict[tuple[int, str], tuple[str, int]] = {}
    for source, key, label, n in ended.order_by("run__completed_at", "position").values_list(
        "run__source_id", "dataset_key", "dataset_label", "newer"
    ):
        counts[source, key] = (label, n or 0)
    return [(label, n) for label, n in counts.values() if n]
