"""What the codes of a source's problems mean, and what to do."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Promise] = {
    "source_unreachable": _("The source cannot be reached. Check that it runs and that the network lets us through."),
    "source_unsupported": _("The source runs a version that is not supported. Upgrade it, then test it again."),
    "source_refused": _("The source refused our login or what we asked. Check the login and its rights."),
    "source_busy": _("The source is busy. Test it again in a few minutes."),
    "source_problem": _("The source answered with an error. Look at its log, then test it again."),
}


def problem_sentence(code: str) -> str:
    """The words for a code; the code itself when nobody wrote any, empty for none."""
    return str(_WORDS.get(code, code))


def failed_look_sentence(at: datetime | None) -> str:
    """What to do after a look at a source that failed in a way nobody foresaw; empty when the last one did not."""
    if at is None:
        return ""
    words = gettext(
        "The source could not be read on %(moment)s because of an error nobody foresaw. What the data map and the "
        "findings say of it may be out of date. Press “Discover tables”; if that fails too, tell the operator."
    )
    return words % {"moment": date_format(localtime(at), "j M Y, H:i")}
