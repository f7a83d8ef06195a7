"""What officers read of an announcement."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consent.announcements.models import AnnouncedDataset


def told_of(place: AnnouncedDataset) -> str:
    """How far a table of a source is, and what became of its rows."""
    counts = {
        name: number_format(getattr(place, name))
        for name in ("rows", "written", "known", "left_out", "without_address")
    }
    words = _(
        "%(rows)s rows read: %(written)s people written to, %(known)s told already, %(left_out)s left out, "
        "%(without_address)s without an address"
    )
    if place.problem:
        return f"{words % counts}. {_('Not read any further:')} {place.problem}"
    stands = _("done") if place.done_at is not None else _("under way") if place.rows else _("not begun")
    return f"{words % counts} ({stands})"
