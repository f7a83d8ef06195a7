"""Tables about people of which nobody has said how long they are kept (GDPR Art. 5(1)(e); PIPEDA schedule 1, 4.5.2)."""

from collections.abc import Callable, Iterator

from django.utils import timezone

from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Dataset, Source, SourceKind, Strategy
from privacy.datamap.services.findings import Observation
from privacy.datamap.specs import is_about_people
from privacy.register.selectors import local_date
from retention.models import Rule
from retention.rule_plan import misfit
from retention.rule_scope import datasets_along


def without_rule(source: Source, datasets: list[Dataset]) -> Iterator[Observation]:
    """Datasets about people that no rule in force ends, neither by itself nor along with another.

    A rule that cannot be planned ends nothing.
    """
    if source.kind == SourceKind.PORTAL:
        return  # its rules come with it; what they leave is append-only, and docs/retention.md says until when
    ended = _ended(source, datasets)
    for dataset in datasets:
        if is_about_people(dataset) and not ended(dataset) and dataset.vanished_at is None:
            yield Observation(FindingCode.NO_RETENTION_RULE, dataset.key, dataset)


def _ended(source: Source, datasets: list[Dataset]) -> Callable[[Dataset], bool]:
    """Tells of a dataset whether rules end it: one that takes its rows, or one for each kind of data that it masks."""
    today = local_date(timezone.now())
    rules = Rule.objects.filter(is_active=True, dataset__source=source, problem="").select_related("dataset")
    in_force = [rule for rule in rules.prefetch_related("along") if rule.is_followed(today)]
    followed = [rule for rule in in_force if not misfit(rule, datasets)]
    whole: set[int] = set()
    kinds: dict[int, set[str]] = {}
    for rule in followed:
        taken = {each.pk for each in datasets_along(rule, datasets)} | {rule.dataset_id}
        if not rule.category:
            whole |= taken
        for pk in taken if rule.category else ():
            kinds.setdefault(pk, set()).add(rule.category)

    def is_ended(dataset: Dataset) -> bool:
        masked = {each.category for each in dataset.fields.all() if each.on_retention != Strategy.KEEP}
        return dataset.pk in whole or bool(masked and masked <= kinds.get(dataset.pk, set()))

    return is_ended
