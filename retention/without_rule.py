"""Tables about people of which nobody has said how long they are kept (GDPR Art. 5(1)(e); PIPEDA schedule 1, 4.5.2)."""

from collections.abc import Iterator

from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Dataset, Source, SourceKind
from privacy.datamap.services.findings import Observation
from privacy.datamap.specs import is_about_people
from retention.models import Rule


def without_rule(source: Source, datasets: list[Dataset]) -> Iterator[Observation]:
    """Datasets about people that no active rule ends, neither by itself nor along with another."""
    if source.kind == SourceKind.PORTAL:
        return  # its rules come with it; what they leave is append-only, and docs/retention.md says until when
    active = Rule.objects.filter(is_active=True, dataset__source=source)
    ruled = set(active.values_list("dataset_id", flat=True)) | set(active.values_list("along", flat=True))
    for dataset in datasets:
        if is_about_people(dataset) and dataset.pk not in ruled and dataset.vanished_at is None:
            yield Observation(FindingCode.NO_RETENTION_RULE, dataset.key, dataset)
