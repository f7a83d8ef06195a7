"""Adding rules of templates: switched off, each once, and none that is there is touched."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from privacy.datamap.models import Source
from privacy.datamap.services.locking import lock_sources
from privacy.ledger.actors import Actor
from retention.errors import TemplateRefused
from retention.models import Minimum, Rule
from retention.ready_made.placing import Offer, Placing
from retention.ready_made.templates import TEMPLATES
from retention.services.rules import save_minimum, save_rule


@transaction.atomic
def add_ready_made(*, keys: Collection[str], actor: Actor) -> list[Rule | Minimum]:
    """Add what officers ticked, all of it or nothing; what is there already stays as it is.

    Args:
        keys: of offers, see `retention.ready_made.placing`.

    Returns:
        What was added.

    Raises:
        TemplateRefused: something ticked fits nowhere any more, or contradicts what the organisation keeps already.
    """
    lock_sources(Source.objects.values_list("pk", flat=True))  # two officers who add at once add once
    left, added, placing = set(keys), [], Placing()
    for template in TEMPLATES:
        for offer in placing.place(template).offers:
            if offer.key in left:
                left.discard(offer.key)
                added += _add(offer, actor)
    if left:
        raise TemplateRefused(_("The data map was changed since you looked. Look again; nothing was added."))
    return added


def _add(offer: Offer, actor: Actor) -> list[Rule | Minimum]:
    if offer.known is not None:
        return []
    if offer.unconfirmed:
        names = ", ".join(each.label for each in offer.unconfirmed)
        raise TemplateRefused(_("Confirm first what these datasets hold: %(names)s.") % {"names": names})
    try:
        if isinstance(offer.draft, Minimum):
            return [save_minimum(minimum=offer.draft, actor=actor)]
        return [save_rule(rule=offer.draft, actor=actor, along=offer.along)]
    except ValidationError as error:
        why = " ".join(error.messages)
        raise TemplateRefused(
            _("“%(name)s” cannot be added: %(why)s") % {"name": offer.draft.name, "why": why}
        ) from None
