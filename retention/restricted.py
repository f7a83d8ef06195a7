"""What a person had restricted is stored, and nothing else is done with it: rules neither delete nor anonymise it.

Danger: somebody needs their data for a claim, has it restricted, and a rule deletes it the next night.
Rule: while a restriction is in force a hold is on the person, so their rows are left out inside every statement. It
follows the restriction and ends with it, a day later like every hold. One row serves several purposes and has several
kinds of data, so a restriction of only one of them holds the rows as a whole. An objection holds nothing: it forbids a
use, and deleting is none.
"""

from django.utils.translation import gettext as _

from privacy.ledger.actors import SYSTEM
from privacy.register.restrictions.enums import RestrictionKind
from privacy.register.restrictions.models import Restriction
from retention.enums import HoldKind
from retention.models import Hold
from retention.services.holds import end_hold, place_hold


def follow(restriction: Restriction) -> None:
    """Place or end the hold of a restriction that was placed or lifted, in the same transaction."""
    if restriction.kind != RestrictionKind.RESTRICTION:
        return
    if restriction.lifted_at is None:
        place_hold(
            kind=HoldKind.RESTRICTION, matter=_("Restricted at the person's request"), subject=restriction.subject,
            restriction_id=restriction.pk, actor=SYSTEM,
        )  # fmt: skip
        return
    for hold in Hold.objects.filter(restriction_id=restriction.pk, released_at__isnull=True):
        end_hold(hold=hold, actor=SYSTEM)
