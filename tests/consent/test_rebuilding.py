"""The present state is made anew from the sealed records, with the same result."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consent.models import CurrentConsent
from consent.services import rebuilding, record_consent, withdraw
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import Purpose
from privacy.subjects.services import find_or_add_subject


@pytest.fixture
def decided(purposes):
    """Three people: one who withdrew, one whose consent ends, one who decided about two purposes."""
    Purpose.objects.filter(code="newsletter").update(valid_days=90)
    newsletter, surveys = Purpose.objects.get(code="newsletter"), purposes["surveys"]
    people = [find_or_add_subject(kind="email", value=f"{name}@example.com") for name in ("ama", "esi", "yaw")]

    def decide(subject, purpose, decision):
        record_consent(subject=subject, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM)

    for subject in people:
        decide(subject, newsletter, "given")
    withdraw(subject=people[0], purpose=newsletter, actor=SYSTEM)
    decide(people[2], surveys, "refused")
    decide(people[2], newsletter, "given")
    return people


def _states():
    names = ("subject", "purpose__code", "decision", "since", "record", "expires_at", "asked_again_at")
    return sorted(CurrentConsent.objects.values_list(*names), key=str)


def _run(*more) -> str:
    out = StringIO()
    call_command("rebuild_consents", "--organisation", "alpha", *more, stdout=out)
    return out.getvalue()


def test_damage_is_shown_and_mended_and_a_second_time_there_is_nothing_to_do(decided, monkeypatch):
    monkeypatch.setattr(rebuilding, "AT_ONCE", 2)
    ama, esi, yaw = decided
    CurrentConsent.objects.filter(subject=yaw).update(asked_again_at=timezone.now())
    before = _states()
    assert _run("--dry-run") == "nothing to do\n"
    CurrentConsent.objects.filter(subject=ama).update(decision="given")
    CurrentConsent.objects.filter(subject=esi).delete()
    stray = Purpose.objects.get(code="surveys")
    CurrentConsent.objects.create(
        subject=ama, purpose=stray, decision="given", since=timezone.now(), record=ama.consents.first()
    )
    CurrentConsent.objects.filter(subject=yaw, decision="given").update(expires_at=timezone.now() + timedelta(days=999))
    damaged = _states()
    with pytest.raises(CommandError, match="4 states are not what the records say") as error:
        _run("--dry-run")
    assert error.value.returncode == 1
    assert _states() == damaged
    told = _run()
    assert told.count("is recorded") == 4
    assert "alpha: 4 states were made anew" in told
    assert _states() == before
    assert LedgerEntry.objects.get(action="consent.states_rebuilt").data == {"states": 4}
    assert _run() == "nothing to do\n"


def test_an_organisation_that_does_not_exist_is_named(alpha):
    with pytest.raises(CommandError, match="no organisation has the slug"):
        call_command("rebuild_consents", "--organisation", "nobody")
