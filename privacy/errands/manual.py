"""Sources in which a person does the work: what is approved, and how it stands."""

import hashlib

from django.utils.translation import gettext as _

from privacy.datamap.asking import Ask, identities_digest
from privacy.datamap.models import Source
from privacy.errands.models import Errand, ErrandState
from privacy.errands.standing import Stand, Standing
from privacy.subjects.models import Subject

_STANDINGS = {
    ErrandState.OPEN: Standing(Stand.WAITS, "waits_for_person"),
    ErrandState.DONE: Standing(Stand.DONE, "declared_with_proof"),
    ErrandState.NOTHING_FOUND: Standing(Stand.DONE, "declared_nothing_found"),
    ErrandState.IMPOSSIBLE: Standing(Stand.FAILED, "task_impossible"),
    ErrandState.CANCELLED: Standing(Stand.VOID, "approval_void"),
}


def ask(source: Source, subject: Subject) -> Ask:
    """The approval covers the instructions word by word, and whom they are about; who does it may change."""
    instructions = hashlib.sha256(source.manual_work.instructions.encode()).hexdigest()
    terms = {"instructions": instructions, "identities": identities_digest(subject)}
    return Ask(source.pk, source.kind, terms)


def words(source: Source) -> tuple[str, str]:
    """Who is asked, and for what."""
    work = source.manual_work
    return work.instructions, _("done by hand by %(name)s, within %(n)d days") % {"name": work.owner, "n": work.days}


def proceed(errand: Errand) -> Standing:
    """Nothing can be done but wait for the person."""
    return _STANDINGS[ErrandState(errand.state)]
