"""Findings about rows of which nobody can be told, and the end of notices that speak of nothing any more."""

import datetime as dt
from collections.abc import Iterable

from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Finding
from privacy.datamap.services.findings import Observation, reconcile
from retention.models import AdvanceNotice, Rule
from retention.notices.counting import NoticeCounts
from retention.notices.known import KEPT_FOR

CODES = (FindingCode.NOTICE_UNDELIVERED, FindingCode.NOTICE_WITHOUT_ADDRESS)


def report_notices(*, rule: Rule, counts: NoticeCounts | None) -> None:
    """Bring the findings about a rule in line with what a plan of it has just counted; None: it tells nobody."""
    open_ones = _open_findings(rule)
    if counts is None and not open_ones:
        return
    numbers = dict(zip(CODES, (counts.undelivered, counts.without_address), strict=True)) if counts is not None else {}
    place, dataset = _place(rule), rule.dataset
    seen = [Observation(code, place, dataset, (), number) for code, number in numbers.items() if number]
    others = {_place(each) for each in _telling_rules(rule) if each.pk != rule.pk}
    seen += [Observation(each.code, each.place, dataset, (), each.count) for each in open_ones if each.place in others]
    reconcile(source=dataset.source, dataset=dataset, codes=list(CODES), seen=seen)


def forget_old_notices(today: dt.date) -> int:
    """Remove notices that are too old to let a row through: their rows went otherwise, or are in use again."""
    return AdvanceNotice.objects.filter(acts_from__lt=today - KEPT_FOR).delete()[0]


def _open_findings(rule: Rule) -> list[Finding]:
    return list(Finding.objects.filter(dataset=rule.dataset_id, code__in=CODES, resolved_at__isnull=True))


def _telling_rules(rule: Rule) -> Iterable[Rule]:
    rules = Rule.objects.filter(dataset=rule.dataset_id, is_active=True, notice_days__isnull=False)
    return rules.select_related("dataset")


def _place(rule: Rule) -> str:
    """A dataset may have several rules, and each its own finding."""
    return f"{rule.dataset.key}: {rule.name}"
