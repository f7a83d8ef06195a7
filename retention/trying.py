"""Trying in the source what a rule or a minimum counts from, where no form has: out of a catalogue or a template.

Forms do the same beside the fields (`retention.admin.counted`), in the same words.
"""

import json
from collections.abc import Callable, Collection

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.errors import AddressRefused
from privacy.datamap.models import Dataset
from privacy.datamap.specs import datasets_of
from privacy.datamap.trying_conditions import unfit_values
from retention.dates import no_date
from retention.models import Minimum, Rule
from retention.rule_plan import misfit


def nobody(_why: str) -> None:
    """Where nobody waits to be told."""


class Trial:
    """Asks sources about any number of rules: the same conditions once, and one that does not answer once.

    tell_untried: is told why a source could not be asked. A plan asks again.
    """

    def __init__(self, tell_untried: Callable[[str], None] = nobody) -> None:
        self._tell = tell_untried
        self._known: dict[tuple[int, str], list[str]] = {}
        self._away: set[int] = set()

    def problems(self, counted: Rule | Minimum, along: Collection[Dataset] | None = None) -> list[str]:
        """Why nothing can be counted from what it says, or nothing done under it, each with what to write instead.

        Args:
            counted: need not be stored. Whether anything can be done is asked of a rule that is followed.
            along: datasets whose rows go together with those of the rule; None: those that are stored with it.
        """
        start = counted.start_dataset
        found = [no_date(start, counted.start_column), *self._unfit(start, counted)]
        if not any(found) and isinstance(counted, Rule) and counted.is_active:
            found.append(misfit(counted, datasets_of(counted.dataset.source), along))
        return [each for each in found if each]

    def _unfit(self, start: Dataset, counted: Rule | Minimum) -> list[str]:
        asked = start.pk, json.dumps(counted.conditions, sort_keys=True)
        if asked not in self._known and start.source_id not in self._away:
            self._known[asked] = self._ask(start, counted)
        return self._known.get(asked, [])

    def _ask(self, start: Dataset, counted: Rule | Minimum) -> list[str]:
        try:
            return unfit_values(dataset=start, stored=counted.conditions)
        except (EngineError, AddressRefused) as error:
            if not isinstance(error, EngineError) or error.retryable:
                self._away.add(start.source_id)
            self._tell(str(error))
            return []
