"""Rows of the portal's own tables that belong to a case which is still open.

Danger: a letter is old enough to go, but its case is not answered yet.
Rule: it is kept inside the statement itself, like what a statutory minimum protects, also where no hold says so.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.engine.selection import OlderThan, Protection
from privacy.datamap.engine.spec import Join
from privacy.datamap.minimums import LegalMinimum
from privacy.datamap.models import Dataset, Source, SourceKind
from privacy.register.selectors import local_date
from requests.models import SubjectRequest
from requests.own_data.tables import CASE_OF


def of_open_cases(source: Source, datasets: list[Dataset], _at: dt.datetime) -> list[LegalMinimum]:
    """What keeps rows of open cases; registered with `privacy.datamap.minimums`. None for any other source.

    Nobody knows when a case will be closed, so they are kept at every moment.
    """
    if source.kind != SourceKind.PORTAL:
        return []
    known = {dataset.table_name: dataset.key for dataset in datasets}
    cases = known[SubjectRequest._meta.db_table]
    return [_while_open(known[model._meta.db_table], column, cases) for model, column in CASE_OF.items()]


def _while_open(dataset: str, column: str, cases: str) -> LegalMinimum:
    """A case without a closing date is open; a row whose case is gone is protected no more."""
    since = OlderThan("closed_at", timezone.now(), path=(Join((column,), cases, ("id",)),))
    return LegalMinimum(
        dataset=dataset,
        protects_values=True,
        protection=Protection(f"open_case:{dataset}", since),
        reason=_("Its case is still open."),
        last_day=_day,
    )


def _day(event: dt.date | dt.datetime) -> dt.date:
    return local_date(event) if isinstance(event, dt.datetime) else event
