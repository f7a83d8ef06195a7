"""On whose word a run is complete where nobody could count: a processor's signed answer, an officer's declaration.

Danger: somebody's word is read as our proof. Rule: such a certificate names no row and no result in law; it says who
declared what and when, and the digests of the proofs, so that the proof shown later can be compared.
"""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.errands.models import Errand, ErrandFile, FileRole, Processor
from retention.certificate.moments import as_text
from retention.models import Run

_WORDS = {
    "signed_by_processor": gettext_lazy("The processor confirmed under its signature that it has done this."),
    "declared_with_proof": gettext_lazy("It was done by hand; whoever did it declared so and filed proof."),
    "declared_nothing_found": gettext_lazy("Somebody looked by hand and declared that there was nothing."),
}


def word_of(run: Run, evidence: str) -> dict[str, Any]:
    """Who says that a run is done, as JSON can hold it.

    Args:
        evidence: what shows that the run is done, as a code of `privacy.errands`.
    """
    errand = Errand.objects.select_related("closed_by", "source").get(run_id=run.pk)
    proofs = errand.files.filter(role=FileRole.PROOF, is_kept=True).order_by("created_at", "pk")
    return {
        "evidence": evidence,
        "words": str(_WORDS[evidence]),
        "given_by": _given_by(errand),
        "task": str(errand.pk),
        "asked_at": as_text(errand.asked_at or errand.created_at),
        "accepted_at": as_text(errand.accepted_at),
        "declared_at": as_text(errand.closed_at),
        "proofs": [_proof(each) for each in proofs],
    }


def _given_by(errand: Errand) -> str:
    """The processor's host, or the role of the officer; never a name."""
    if errand.closed_by is not None:
        return str(errand.closed_by.get_role_display())
    processor = Processor.objects.filter(source_id=errand.source_id).first()
    if processor is None:
        return _("an officer")
    return _("the processor at %(host)s") % {"host": urlsplit(processor.base_url).hostname}


def _proof(file: ErrandFile) -> dict[str, Any]:
    return {"sha256": file.digest, "bytes": file.size}
