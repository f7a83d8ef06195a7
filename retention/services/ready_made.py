"""Adding rules of templates: switched off, each once, and none that is there is touched."""

from collections.abc import Callable, Collection

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
from retention.trying import Trial, nobody


@transaction.atomic
def add_ready_made(
    *, keys: Collection[str], actor: Actor, tell_untried: Callable[[str], None] = nobody
) -> list[Rule | Minimum]:
    """Add what officers ticked, all of it or nothing; what is there already stays as it is.

    Args:
        keys: of offers, see `retention.ready_made.placing`.
        tell_untried: is told why a source could not be asked whether conditions fit their columns. Plans ask again.

    Returns:
        What was added.

    Raises:
        TemplateRefused: something ticked fits nowhere any more, contradicts what the organisation keeps already, counts
            from what is no date, or has a condition that does not fit its column in the source.
    """
    lock_sources(Source.objects.values_list("pk", flat=True))  # two officers who add at once add once
    left, added, placing, trial = set(keys), [], Placing(), Trial(tell_untried)
    for template in TEMPLATES:
        for offer in placing.place(template).offers:
            if offer.key in left:
                left.discard(offer.key)
                added += _add(offer, actor, trial)
    if left:
        raise TemplateRefused(_("The data map was changed since you looked. Look again; nothing was added."))
    return added


def _add(offer: Offer, actor: Actor, trial: Trial) -> list[Rule | Minimum]:
    if offer.known is not None:
        return []
    if offer.unconfirmed:
        names = ", ".join(dict.fromkeys(each.label for each in offer.unconfirmed))
        raise TemplateRefused(_("Confirm first what these datasets hold: %(names)s.") % {"names": names})
    if problems := trial.problems(offer.draft, offer.along):
        raise _refused(offer, problems)
    try:
        if isinstance(offer.draft, Minimum):
            return [save_minimum(minimum=offer.draft, actor=actor)]
        return [save_rule(rule=offer.draft, actor=actor, along=offer.along)]
    except ValidationError as error:
        raise _refused(offer, error.messages) from None


def _refused(offer: Offer, problems: list[str]) -> TemplateRefused:
    words = _("“%(name)s” cannot be added: %(why)s")
    return TemplateRefused(words % {"name": offer.draft.name, "why": " ".join(problems)})
