"""Each organisation has a ledger of its own; what one did says nothing in another's."""

from django.db import connection

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry, Seal
from privacy.ledger.sealed import keyed_digest
from privacy.ledger.services import record
from privacy.ledger.verification import verify_organisation
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.provisioning import destroy_organisation
from tests.conftest import make_organisation
from tests.seals import sealed_verdict


def actions() -> list[str]:
    return sorted(LedgerEntry.objects.exclude(action="organisation.created").values_list("action", flat=True))


def test_what_one_organisation_writes_down_another_does_not_see(alpha, beta):
    record(action="alpha.did", actor=SYSTEM)
    with organisation_context(beta):
        record(action="beta.did", actor=SYSTEM)
        assert actions() == ["beta.did"]
    assert actions() == ["alpha.did"]


def test_an_entry_copied_into_another_ledger_is_found(alpha, beta):
    """Digests are keyed for each organisation, so a row that is right in one is an altered row in another."""
    entry = record(action="alpha.did", actor=SYSTEM)
    assert verify_organisation().breaches == ()
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO beta.ledger_ledgerentry SELECT * FROM alpha.ledger_ledgerentry WHERE id = %s", [entry.pk]
        )
    with organisation_context(beta):
        (breach,) = verify_organisation().breaches
    assert (breach.place, breach.problem) == (f"row {entry.pk}", "its content was altered")
    assert verify_organisation().breaches == ()


def test_the_same_content_has_another_digest_in_another_organisation(alpha, beta):
    mine = keyed_digest(b"x")
    with organisation_context(beta):
        assert keyed_digest(b"x") != mine
    assert keyed_digest(b"x") == mine


def test_sealing_one_organisation_seals_nothing_of_another(committed):
    other = make_organisation(f"{committed.slug}-2")
    try:
        record(action="committed.did", actor=SYSTEM)
        verdict = sealed_verdict()
        assert (verdict.unsealed, verdict.seals > 0, verdict.breaches) == (0, True, ())
        with organisation_context(other):
            assert Seal.objects.count() == 0
            assert verify_organisation().unsealed >= 1
    finally:
        destroy_organisation(organisation=other)
