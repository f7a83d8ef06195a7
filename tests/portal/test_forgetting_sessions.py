from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from privacy.jobs.registry import JobHandle
from privacy.portal.jobs import forget_sessions


def test_sessions_that_ended_are_forgotten_and_running_ones_stay(alpha):
    now = timezone.now()
    Session.objects.create(session_key="ended", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="running", session_data="", expire_date=now + timedelta(hours=1))
    assert forget_sessions(JobHandle(1, "daily", 1, "me")) is True
    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
