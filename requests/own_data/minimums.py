"""How long a law wants the record of a request kept, as statutory minimums over the portal's own table of requests.

Danger: a rule that officers made shorter destroys the record that a law wants kept (CCPA regulations s. 7101).
Rule: under such a law there is a minimum, which comes before every rule. Officers may change or switch it off; what
they did is left as it is.
"""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from privacy.datamap.models import Source
from privacy.law.catalogue import jurisdiction
from privacy.law.enums import Unit
from privacy.law.shapes import Span
from privacy.ledger.actors import Actor
from privacy.register.selectors import profile
from requests.models import SubjectRequest
from retention.enums import PeriodUnit, StartEvent
from retention.models import Minimum
from retention.services import save_minimum

_UNITS = {Unit.CALENDAR_DAY: PeriodUnit.DAYS, Unit.CALENDAR_MONTH: PeriodUnit.MONTHS}


def add_record_minimums(*, source: Source, actor: Actor) -> list[Minimum]:
    """Add the minimums that the laws of the profile want and the organisation does not have yet.

    Args:
        source: the portal's own tables.
    """
    dataset = source.datasets.get(table_name=SubjectRequest._meta.db_table)
    added = []
    for law, span in _wanted():
        name = _("Portal: requests that were closed (%(law)s)") % {"law": law}
        citation = _("%(law)s: record of requests") % {"law": law}
        if Minimum.objects.filter(Q(name=name) | Q(citation=citation)).exists():
            continue
        minimum = Minimum(
            name=name, dataset=dataset, citation=citation,
            start_event=StartEvent.OTHER, start_dataset=dataset, start_column="closed_at", amount=span.n,
            unit=_UNITS[span.unit], is_active=True,
            legal_reason=_("Proof of how requests were answered, for as long as the law wants it."),
        )  # fmt: skip
        minimum.stands_over_shorter_rules = True
        added.append(save_minimum(minimum=minimum, actor=actor))
    return added


def _wanted() -> Iterator[tuple[str, Span]]:
    """The laws of the profile that want the record kept, by name, each with the longest time of its rules."""
    for code in profile().laws:
        law = jurisdiction(code)
        spans = [rule.keep_record for rule in law.rules if rule.keep_record is not None]
        if spans:
            yield law.law_name, max(spans, key=lambda span: span.n)
