"""Whoever owns the tables can change a record of consent; nobody can do so unnoticed."""

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consent.models import ConsentRecord
from consent.services import record_consent
from privacy.ledger.actors import SYSTEM
from privacy.ledger.sealing import seal_all
from privacy.ledger.verification import verify_organisation
from privacy.subjects.services import find_or_add_subject
from tests.consent.conftest import make_register
from tests.sources import superuser_dsn


@pytest.mark.parametrize(
    "change", ["decision = 'given'", "wording_digest = repeat('0', 64)", "recorded_at = recorded_at - interval '1 day'"]
)
def test_a_consent_changed_by_sql_as_superuser_without_triggers_is_named(committed, change, capsys):
    purposes = make_register()
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    for decision in ("given", "refused", "refused"):
        record_consent(
            subject=subject, purpose=purposes["newsletter"], decision=decision, method="electronic", actor=SYSTEM
        )
    seal_all()
    assert verify_organisation().breaches == ()
    altered = ConsentRecord.objects.filter(decision="refused").latest("recorded_at")
    with psycopg.connect(superuser_dsn(), dbname=connection.settings_dict["NAME"]) as superuser:
        superuser.execute("SELECT set_config('search_path', %s, false)", [committed.schema_name])
        superuser.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        done = superuser.execute(f"UPDATE consent_consentrecord SET {change} WHERE id = %s", [altered.pk])
        assert done.rowcount == 1
    with pytest.raises(CommandError, match="altered in 1 places"):
        call_command("verify_ledger", organisation=committed.slug)
    assert str(altered.pk) in capsys.readouterr().err
