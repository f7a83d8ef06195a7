"""The Celery app. Beat has one entry: dispatch what is due. A message that waited for longer than a round expires.

Danger: Kombu's Redis channel gives messages under way back to Redis when it closes. When it closes because Redis is
gone this fails with an AttributeError that ends the worker instead of connecting it again (Kombu 5.7). Nothing is lost
by not giving them back, since the job table is the truth and the dispatcher asks it; so we do not.
"""

import os

from celery import Celery
from django.conf import settings
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

LEAST_EXPIRY = 10  # seconds; a machine so busy that it takes every message a second late must still take them

Channel.do_restore = False
app = Celery("privacy_desk")
app.config_from_object(settings.CELERY)
app.conf.beat_schedule = {
    "dispatch what is due": {
        "task": "jobs.dispatch_due",
        "schedule": settings.DISPATCH_EVERY_SECONDS,
        "options": {"expires": max(settings.DISPATCH_EVERY_SECONDS - 1, LEAST_EXPIRY)},
    }
}
app.autodiscover_tasks(["privacy.jobs"])
