"""The Celery app. Beat has one entry: dispatch what is due. A message that waited longer than a round expires."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("privacy_desk")
app.config_from_object(settings.CELERY)
app.conf.beat_schedule = {
    "dispatch what is due": {
        "task": "jobs.dispatch_due",
        "schedule": settings.DISPATCH_EVERY_SECONDS,
        "options": {"expires": max(settings.DISPATCH_EVERY_SECONDS - 1, 1)},
    }
}
app.autodiscover_tasks(["privacy.jobs"])
