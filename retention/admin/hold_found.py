"""Where a hold finds its person, in words for its page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from retention.held_rows import FoundNow


def is_worrying(found: FoundNow) -> bool:
    """Whether an officer should look at the spelling."""
    return not found.tables


def found_words(found: FoundNow) -> str:
    """In which tables and how many rows the person is found; or that no row has what was typed."""
    said = [_where(found)] if found.tables else [_nowhere(found)]
    if found.away:
        words = _("Could not be asked now, so more may be found there: %(sources)s.")
        said.append(words % {"sources": ", ".join(found.away)})
    return " ".join(said)


def _where(found: FoundNow) -> str:
    parts = [
        ngettext("%(table)s (%(source)s): %(n)s row", "%(table)s (%(source)s): %(n)s rows", each.rows)
        % {"table": each.table, "source": each.source, "n": f"{each.rows:,}"}
        for each in found.tables
    ]
    return _("The person is found now in %(tables)s.") % {"tables": ", ".join(parts)}


def _nowhere(found: FoundNow) -> str:
    if found.other_case:
        return _(
            "No row of any source has this customer number as it is written here, but some have it in other capital "
            "letters: place the hold with the number as the source writes it."
        )
    if found.away:
        return _("No row of the sources that answer has this: check the spelling. The hold stays; rows may come later.")
    return _("No row of any source has this: check the spelling. The hold stays; rows may come later.")
