"""Erased people are found again in a source, however their identifiers are written, and nobody else is."""

import hashlib
import tracemalloc

import pytest
from django.core.management import CommandError, call_command

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.engine import identities
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Field, Finding, Strategy
from privacy.datamap.services.findings import dismiss_finding
from privacy.ledger.models import LedgerEntry
from privacy.subjects.crypto import index_as_written, keyed_index
from privacy.tenants.context import organisation_context
from retention.erased.fingerprints import ErasedSet, SortedFingerprints, fingerprint_of, fingerprints_of
from retention.erased.returned import look_for_erased
from retention.models import ErasedIdentifier, ReturnedRow
from tests.retention.erased.conftest import erase
from tests.secrecy import check_readable_nowhere
from tests.sources import change, rows

OURS = "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"
CALL_HER = f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OURS})"


def back(source) -> dict[str, int]:
    return {each.dataset.key: each.back for each in look_for_erased(source=source) if each.back}


def test_after_an_erasure_nothing_of_her_is_there(offixpro):
    erase()
    looked = look_for_erased(source=offixpro)
    assert back(offixpro) == {}
    assert sum(each.read for each in looked) > 200


@pytest.mark.parametrize("written", ["ama.mensah@example.com", "AMA.Mensah@Example.com", "  ama.mensah@example.com "])
def test_she_is_found_however_her_address_is_written(offixpro, crm, written):
    erase()
    assert change(crm, CALL_HER, written) == 1
    assert back(offixpro) == {"crm.contact": 1}
    finding = Finding.objects.get(code="erased_came_back", resolved_at=None)
    assert (finding.place, finding.count, finding.names) == ("crm.contact", 1, [])


def test_somebody_else_is_not_found(offixpro, crm):
    erase()
    change(crm, CALL_HER, "ama.mensa@example.com")
    assert back(offixpro) == {}
    change(crm, CALL_HER, AMA_MENSAH.email)
    assert back(offixpro) == {"crm.contact": 1}


def test_rows_of_another_operator_in_the_same_table_are_not_ours_to_find(offixpro, crm):
    erase()
    theirs = "SELECT min(contact_id) FROM crm.contact WHERE operated_by <> 'offixpro'"
    assert change(crm, f"UPDATE crm.contact SET email = %s WHERE contact_id = ({theirs})", AMA_MENSAH.email) == 1
    assert back(offixpro) == {}
    change(crm, CALL_HER, AMA_MENSAH.email)
    assert back(offixpro) == {"crm.contact": 1}


def test_a_column_that_is_lawfully_kept_is_not_looked_at(offixpro, crm):
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    field = Field.objects.filter(dataset__table_name="contact", column="email")
    field.update(on_erasure=Strategy.KEEP)
    assert back(offixpro) == {}
    field.update(on_erasure=Strategy.EMAIL)
    assert back(offixpro) == {"crm.contact": 1}


def test_a_telephone_that_two_people_share_finds_both_rows(offixpro, crm):
    erase(phone="+233244000111")
    for which, phone in (("min", "+233 24 400 0111"), ("max", "024 400 0111")):
        row = OURS.replace("min", which)
        change(crm, f"UPDATE crm.contact SET phone = %s WHERE contact_id = ({row})", phone)
    assert back(offixpro) == {"crm.contact": 2}


def test_a_finding_resolves_by_itself_when_the_row_is_gone(offixpro, crm):
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    assert back(offixpro) == {"crm.contact": 1}
    change(crm, CALL_HER, "nobody@example.com")
    assert back(offixpro) == {}
    assert Finding.objects.get(code="erased_came_back").resolved_at is not None
    row = ReturnedRow.objects.get()
    assert (row.gone_at is None, row.key) == (False, None)


def test_a_customer_who_came_back_on_purpose_may_stay_until_erased_again(offixpro, crm, officer):
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    back(offixpro)
    finding = Finding.objects.get(code="erased_came_back")
    dismiss_finding(finding=finding, reason="New contract of May, with a new consent", officer=officer)
    entry = LedgerEntry.objects.get(action="finding.dismissed")
    assert (entry.actor_id, entry.data["place"]) == (str(officer.pk), "crm.contact")
    assert (back(offixpro), ReturnedRow.objects.get().key) == ({}, None)
    assert not Finding.objects.filter(code="erased_came_back", resolved_at=None, dismissed_at=None).exists()
    other = OURS.replace("min(", "max(")
    change(crm, f"UPDATE crm.contact SET email = %s WHERE contact_id = ({other})", AMA_MENSAH.email.upper())
    assert back(offixpro) == {"crm.contact": 1}  # another row of hers is another matter
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    assert back(offixpro) == {"crm.contact": 1}
    assert ReturnedRow.objects.filter(dismissed_at__isnull=False).count() == 0


def test_no_value_of_a_row_is_written_down_in_the_clear(offixpro, crm):
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    back(offixpro)
    assert ReturnedRow.objects.count() == Finding.objects.filter(code="erased_came_back").count() == 1
    check_readable_nowhere(AMA_MENSAH.email, AMA_MENSAH.full_name, "Mensah")


def test_a_source_that_cannot_be_read_is_an_error_and_resolves_nothing(offixpro, crm):
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    back(offixpro)
    change(crm, "ALTER TABLE crm.contact RENAME COLUMN email TO mail")
    with pytest.raises(EngineError):
        look_for_erased(source=offixpro)
    assert Finding.objects.get(code="erased_came_back").resolved_at is None
    change(crm, "ALTER TABLE crm.contact RENAME COLUMN mail TO email")
    assert back(offixpro) == {"crm.contact": 1}


def test_a_table_that_cannot_be_read_hides_nothing_of_the_others(offixpro, crm):
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    change(crm, "ALTER TABLE crm.workspace RENAME COLUMN billing_email TO bills")
    with pytest.raises(EngineError):
        look_for_erased(source=offixpro)
    assert Finding.objects.get(code="erased_came_back").place == "crm.contact"
    assert LedgerEntry.objects.filter(action="erasures.verified").latest("pk").data["complete"] is False


@pytest.mark.parametrize("batch", [1, 2, 5000])
def test_every_row_is_read_whatever_the_size_of_a_batch(offixpro, crm, monkeypatch, batch):
    erase(phone="+233244000111")
    number = change(crm, "UPDATE crm.contact SET phone = '+233244000111' WHERE operated_by = 'offixpro'")
    stream = identities.stream_identities
    monkeypatch.setattr(
        "retention.erased.looking.stream_identities", lambda *a, **named: stream(*a, **named, batch_rows=batch)
    )
    assert number > 3
    assert back(offixpro) == {"crm.contact": number}


def test_the_set_finds_what_is_in_it_and_nothing_else():
    everything = sorted(keyed_number(number) for number in range(1000))
    for size in (0, 1, 2, 3, 1000):
        known = SortedFingerprints(iter(everything[:size]))
        assert [each in known for each in everything] == [place < size for place in range(1000)]


def keyed_number(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def test_a_hundred_thousand_fingerprints_take_thirty_two_bytes_each():
    everything = sorted(keyed_number(number) for number in range(100_000))
    tracemalloc.start()
    known = SortedFingerprints(iter(everything))
    size, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert everything[77] in known
    assert size < 33 * 100_000


def test_fingerprints_of_one_organisation_mean_nothing_in_another(alpha, beta):
    ours = fingerprint_of("email", "Ama@Example.com", region="GH")
    assert ours == keyed_index("email", "ama@example.com")
    with organisation_context(beta):
        assert fingerprint_of("email", "ama@example.com", region="GH") != ours
    assert fingerprint_of("email", "no address", region="GH") is None


def test_the_set_is_read_from_what_was_erased(offixpro):
    assert len(ErasedSet()) == 0
    run = erase()
    (row,) = ErasedIdentifier.objects.filter(run_id=run.pk)
    known = ErasedSet()
    assert (len(known), known.holds("email", bytes(row.fingerprint))) == (1, True)
    assert not known.holds("phone", bytes(row.fingerprint))
    assert not known.holds("email", keyed_index("email", KOFI_BOATENG.email))


def test_the_command_counts_by_dataset_and_exits_one(offixpro, crm, alpha, capsys):
    erase()
    call_command("verify_erasures", organisation="alpha")
    change(crm, CALL_HER, AMA_MENSAH.email)
    with pytest.raises(CommandError, match="1 rows of erased people came back") as refused:
        call_command("verify_erasures", organisation="alpha", source="OffixPro CRM")
    assert refused.value.returncode == 1
    assert "alpha, OffixPro CRM, crm.contact: 1 rows of erased people, " in capsys.readouterr().out


def test_a_source_that_nobody_has_is_an_error(alpha):
    with pytest.raises(CommandError, match="no active source"):
        call_command("verify_erasures", organisation="alpha", source="Elsewhere")
    with pytest.raises(CommandError, match="no active organisation"):
        call_command("verify_erasures", organisation="gamma")


def test_a_source_that_is_away_is_not_called_clean(offixpro, crm):
    erase()
    offixpro.address = offixpro.address.replace("port=5432", "port=1")
    offixpro.save()
    with pytest.raises(CommandError, match="1 sources could not be read"):
        call_command("verify_erasures", organisation="alpha")
    assert rows(crm, "SELECT 1") == [(1,)]


def test_a_customer_number_erased_when_they_were_told_apart_letter_by_letter_is_known_again(alpha):
    written = "Ｋe\u03017"
    before, now = index_as_written("customer_id", written), keyed_index("customer_id", "Ké7")
    assert fingerprints_of("customer_id", f" {written} ", region="GH") == (now, before)
    assert fingerprints_of("customer_id", "Ké7", region="GH") == (now, now)
    assert fingerprints_of("customer_id", "K-7", region="GH") == (keyed_index("customer_id", "K-7"),)
    assert fingerprints_of("customer_id", "", region="GH") == ()
