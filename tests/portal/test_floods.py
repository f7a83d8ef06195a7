"""Limits on attempts, and where an HTTP request comes from."""

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of
from privacy.portal.models import AttemptCount
from privacy.tenants.context import organisation_context

HOUR = timedelta(hours=1)


def _try(who: str = "somebody@example.com", what: str = "test", limit: int = 2) -> bool:
    return within_limit(what=what, who=who, limit=limit, period=HOUR)


def test_attempts_beyond_the_limit_are_refused_until_the_period_is_over(alpha):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [_try() for _time in range(4)] == [True, True, False, False]
        clock.shift(timedelta(minutes=59))
        assert _try() is False
        clock.shift(timedelta(minutes=2))
        assert [_try() for _time in range(3)] == [True, True, False]


def test_each_person_and_each_limit_is_counted_apart(alpha):
    assert [_try(limit=1), _try(limit=1)] == [True, False]
    assert _try(limit=1, who="somebody.else@example.com") is True
    assert _try(limit=1, what="another") is True


def test_each_organisation_counts_apart(alpha, beta):
    assert [_try(limit=1), _try(limit=1)] == [True, False]
    with organisation_context(beta):
        assert _try(limit=1) is True


def test_nobody_can_read_who_was_counted(alpha):
    _try()
    row = AttemptCount.objects.values_list().get()
    assert "somebody" not in str([bytes(part) if isinstance(part, memoryview) else part for part in row])
    assert len(bytes(row[0])) == 32


def test_counts_are_forgotten_when_their_period_is_over(alpha):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(3):
            _try(who=f"{number}@example.com")
        clock.shift(timedelta(minutes=61))
        _try(who="later@example.com")
        assert AttemptCount.objects.count() == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "machine"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1", "10.0.0.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "nonsense", "10.0.0.1", "unknown"),
    ],
)
def test_the_machine_is_the_one_our_own_proxies_saw(settings, proxies, forwarded, remote, machine):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert machine_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)) == machine
