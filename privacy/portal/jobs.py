"""The portal's own job: forgetting visits that have ended."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from privacy.jobs.registry import JobHandle, register_kind


def forget_sessions(job: JobHandle) -> bool:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return True


def register() -> None:
    register_kind("portal.forget_sessions", forget_sessions)
