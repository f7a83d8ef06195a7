"""Which rows may go: those of whom somebody was told long enough ago.

Danger: a row goes because a letter was written, and the letter never left the house. Rule: the days count from the
day on which the mail server took the letter; one that waits or failed lets nothing through.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.spec import Key
from privacy.letters.models import LetterState
from privacy.register.selectors import profile
from retention.enums import RunKind
from retention.models import AdvanceNotice, Run
from retention.notices.known import Known, known_notices
from retention.notices.terms import NoticeTerms, stored_terms


class NoticeGate:
    """Implements `privacy.datamap.engine.screening.Gate`.

    root: key of the rule's dataset. version: of the rule. day: the day for which the run was planned. run_id: the run
    that takes rows, None where nobody does.
    """

    def __init__(
        self,
        *,
        rule_id: int,
        root: str,
        version: int,
        terms: NoticeTerms,
        day: dt.date,
        run_id: uuid.UUID | None = None,
    ) -> None:
        self.root = root
        self._rule_id, self._version, self._terms, self._day, self._run_id = rule_id, version, terms, day, run_id
        self._zone = ZoneInfo(profile().time_zone)

    def free(self, events: Mapping[Key, Moment], *, taking: bool) -> list[Key]:
        """See Gate. Notices of rows that go now are marked: they are removed when the run is proven done."""
        known = known_notices(rule_id=self._rule_id, dataset=self.root, keys=events)
        free = {key: each for key, each in known.items() if self._is_free(each, events[key])}
        if taking and free:
            marked = AdvanceNotice.objects.filter(pk__in=[each.notice.pk for each in free.values()])
            marked.update(taken_by=self._run_id)
        return list(free)

    def free_from(self, known: Known, event: Moment) -> dt.date | None:
        """From which day on a notice lets its row through; None when it does not as things stand."""
        if not known.is_for(event, version=self._version, day=self._day):
            return None
        since = self._given_on(known)
        return None if since is None else max(known.notice.acts_from, since + dt.timedelta(days=self._terms.days))

    def _is_free(self, known: Known, event: Moment) -> bool:
        first = self.free_from(known, event)
        return first is not None and first <= self._day

    def _given_on(self, known: Known) -> dt.date | None:
        """The day on which the days of notice begin."""
        if known.letter is None:
            return known.notice.given_on if self._terms.acts_without_address else None
        if known.letter.state != LetterState.SENT or known.letter.sent_at is None:
            return None
        return known.letter.sent_at.astimezone(self._zone).date()


def gate_of(run: Run) -> NoticeGate | None:
    """The gate of a run; None when its rule, as it was when the run was planned, tells nobody."""
    terms = stored_terms(run.plan.get("rule") or {}) if run.kind == RunKind.RETENTION else None
    if terms is None:
        return None
    assert run.rule_id is not None
    assert run.rule_version is not None
    return NoticeGate(
        rule_id=run.rule_id,
        root=run.plan["rule"]["dataset"],
        version=run.rule_version,
        terms=terms,
        day=run.notice_pass.day,
        run_id=run.pk,
    )
