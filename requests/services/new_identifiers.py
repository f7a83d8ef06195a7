"""Corrections of what a person is known by: the corrected value becomes an identifier of theirs.

Danger: somebody has an address corrected to their own, and the portal takes that for proof of who they are; or letters
go on to an address that the organisation knows to be wrong.
Rule: only what a source was read to say counts, after the letter about it has gone to the address from before. The new
identifier proves nothing until a link that was mailed there is used. The former one gets no letters, and data is still
looked for by it. One that belongs to somebody else stays theirs, and the ledger says so.
"""

from collections.abc import Iterable

from privacy.datamap.models import Field
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.selectors import profile
from privacy.subjects.services import Replaced, replace_identifier
from requests.models import Correction, SubjectRequest, Verdict

_ACTIONS = {
    Replaced.DONE: "subject_request.identifier_replaced",
    Replaced.SOMEBODY_ELSES: "subject_request.identifier_somebody_elses",
}


def take_over_identifiers(*, case: SubjectRequest, corrections: Iterable[Correction]) -> None:
    """Have verified corrections of a locked case become identifiers, in the caller's transaction."""
    for each in corrections:
        kind = _identifies(each)
        if not kind or not each.old or not each.new:
            continue
        result = replace_identifier(
            subject=case.subject, kind=kind, old=each.old, new=each.new, region=profile().country
        )
        if action := _ACTIONS.get(result):
            record(action=action, actor=SYSTEM, target=case, data={"kind": kind})


def _identifies(correction: Correction) -> str:
    """The kind of identifier that the corrected column holds; empty when it names nobody, or nobody read it back."""
    if correction.verdict != Verdict.CORRECT or correction.done_at is None:
        return ""
    fields = Field.objects.filter(dataset__source=correction.source_id, column=correction.column)
    found = (each for each in fields.select_related("dataset") if each.dataset.key == correction.dataset)
    return next((each.identifier_kind for each in found), "")
