"""The Celery app. Beat has one entry: dispatch what is due."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("privacy_desk")
app.config_from_object(lambda: settings.CELERY)
app.autodiscover_tasks(["privacy.jobs"])


@app.on_after_configure.connect
def schedule_dispatch(sender: Celery, **kwargs: object) -> None:
    """Wake the dispatcher often; a message that waited longer than a round is worthless and expires."""
    from privacy.jobs.tasks import dispatch_due

    sender.add_periodic_task(
        settings.DISPATCH_EVERY_SECONDS, dispatch_due.s(), expires=max(settings.DISPATCH_EVERY_SECONDS - 1, 1)
    )
