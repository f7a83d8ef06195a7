"""Questions to the record of processing activities."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent, Standing
from privacy.register.selectors import local_date


def active_activities(today: date | None = None) -> QuerySet[ProcessingActivity]:
    """What is done now, with purposes and recipients, in three queries."""
    day = today or local_date(timezone.now())
    rows = ProcessingActivity.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    return rows.prefetch_related("purposes", "recipients")


def reviews_due(today: date | None = None) -> int:
    """How many activities, and how much processing without consent, somebody has to look at now."""
    day = today or local_date(timezone.now())
    return active_activities(day).filter(review_on__lte=day).count() + consent_reviews_due(day).count()


def consent_reviews_due(today: date) -> QuerySet[ProcessingWithoutConsent]:
    """Approved processing without consent whose review date has come."""
    return ProcessingWithoutConsent.objects.filter(standing=Standing.APPROVED, review_on__lte=today)
