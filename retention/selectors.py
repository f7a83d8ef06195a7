"""Questions to retention: why data is still here. How far a run is: `retention.admin.progress`."""

from django.utils.translation import gettext as _

from privacy.datamap.models import Action, Dataset
from privacy.datamap.specs import is_about_people
from privacy.subjects.models import Subject
from retention.holding import holds_on


def why_kept(*, subject: Subject) -> list[str]:
    """Why data about a person is still here, strongest reason first: holds, then what the law wants kept."""
    reasons = [
        _("Held since %(date)s: %(kind)s.") % {"date": hold.placed_at.date(), "kind": hold.get_kind_display()}
        for hold in holds_on(subject).order_by("kind", "placed_at")
    ]
    kept = Dataset.objects.filter(source__is_active=True, on_erasure=Action.KEEP).prefetch_related("fields")
    reasons += [
        _("%(dataset)s: kept. %(reason)s") % {"dataset": dataset.label, "reason": dataset.keep_reason}
        for dataset in kept
        if is_about_people(dataset)
    ]
    return reasons
