"""Keys of receipts: changed by a command, and receipts of yesterday stay valid."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from consent.keys.services import rotate_receipt_key
from consent.models import ReceiptKey
from consent.receipts import receipt
from consent.services import record_consent
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.signing import public_keys, published_keys, read_signed
from privacy.tenants.context import organisation_context


@pytest.fixture
def record(purposes, ama):
    return record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )


def _rotate(slug="alpha") -> str:
    out = StringIO()
    call_command("rotate_receipt_key", organisation=slug, stdout=out)
    return out.getvalue()


def _kids(keys) -> list[str]:
    return [key["kid"] for key in keys["keys"]]


def _verify(path, keys):
    call_command("verify_receipt", str(path), "--keys", str(keys), stdout=StringIO(), stderr=StringIO())


def test_receipts_from_before_and_after_three_rotations_verify_offline_with_the_keys_of_today(
    record, visitor, tmp_path, django_assert_num_queries
):
    signed = [receipt(record).jws]
    for _time in range(3):
        _rotate()
        signed.append(receipt(record).jws)
    assert len(set(signed)) == 4
    keys = tmp_path / "jwks.json"
    keys.write_bytes(visitor.get("/.well-known/jwks.json").content)
    for number, jws in enumerate(signed):
        path = tmp_path / f"{number}.jws"
        path.write_text(jws)
        with django_assert_num_queries(0):
            _verify(path, keys)
    keys.write_text(json.dumps(public_keys()))
    _verify(tmp_path / "0.jws", keys)
    with pytest.raises(CommandError, match="not genuine"):
        _verify(tmp_path / "3.jws", keys)
    with pytest.raises(CommandError, match="name them by --keys"):
        call_command("verify_receipt", str(tmp_path / "3.jws"), stdout=StringIO(), stderr=StringIO())


def test_the_private_half_of_a_retired_key_is_gone_and_its_public_half_stays(record):
    first = rotate_receipt_key(actor=SYSTEM)
    second = rotate_receipt_key(actor=SYSTEM)
    first.refresh_from_db()
    assert (first.seed, first.is_current, first.retired_at is None) == (None, False, False)
    assert ReceiptKey.objects.get(is_current=True) == second
    assert _kids(published_keys()) == [*_kids(public_keys()), second.kid, first.kid]
    assert all("d" not in key for key in published_keys()["keys"])
    entry = LedgerEntry.objects.filter(action="consent.key_rotated").latest("recorded_at")
    assert entry.data == {"key": second.kid, "retired_key": first.kid}


def test_the_private_half_is_not_readable_in_the_table(alpha):
    made = rotate_receipt_key(actor=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM consent_receiptkey")
        ((stored,),) = cursor.fetchall()
    assert made.seed not in bytes(stored)
    assert ReceiptKey.objects.get().seed == made.seed


def test_no_two_keys_sign_and_none_signs_after_it_was_retired(alpha):
    made = rotate_receipt_key(actor=SYSTEM)
    for changes in ({"kid": "other"}, {"kid": "other", "is_current": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceiptKey.objects.create(**{"public": {}, "seed": made.seed} | changes)


def test_each_organisation_has_keys_of_its_own(record, beta):
    _rotate()
    with organisation_context(beta):
        assert published_keys() == public_keys()
    assert read_signed(receipt(record).jws, kind="consent-receipt", keys=published_keys()) == receipt(record).fields


def test_the_command_says_when_there_is_no_such_organisation(alpha):
    with pytest.raises(CommandError, match="no active organisation has the slug 'nobody'"):
        _rotate("nobody")
    assert ReceiptKey.objects.count() == 0
    said = _rotate()
    assert said == f"alpha: receipts are signed with {ReceiptKey.objects.get().kid} from now on\n"
