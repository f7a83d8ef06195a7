"""What was decided, in words to the person: not everybody who is taken to agree said yes themselves, nor every no."""

from django.utils.translation import gettext as _

from consent.models import Decision, Method

_BY_OTHERS = (Method.REPRESENTATIVE, Method.IMPLIED, Method.OPT_OUT)


def said_it_themselves(method: str) -> bool:
    """Whether it was the person who agreed, in whatever form."""
    return method not in _BY_OTHERS


def how_given(method: str) -> str:
    """How a consent came about, as a whole sentence."""
    return {
        Method.ELECTRONIC: _("You gave your consent."),
        Method.ORAL: _("You gave your consent orally."),
        Method.WRITTEN: _("You gave your consent in writing."),
        Method.REPRESENTATIVE: _("Somebody who represents you gave consent for you."),
        Method.IMPLIED: _("We take it from what you did that you consent."),
        Method.OPT_OUT: _("You did not object within the time you had, so we take it that you consent."),
    }[Method(method)]


def heading_of_given(method: str) -> str:
    """The same, short, for a heading."""
    if said_it_themselves(method):
        return _("You gave your consent")
    return _("Consent was given for you") if method == Method.REPRESENTATIVE else _("We take it that you consent")


def subject_of_given(method: str, title: str) -> str:
    """The same, with the purpose, for the subject of a mail."""
    if said_it_themselves(method):
        return _("You gave your consent: %(title)s") % {"title": title}
    if method == Method.REPRESENTATIVE:
        return _("Consent was given for you: %(title)s") % {"title": title}
    return _("We take it that you consent: %(title)s") % {"title": title}


def how_said_no(decision: str, method: str) -> str:
    """Who refused or withdrew, as a whole sentence."""
    if method == Method.REPRESENTATIVE:
        return {
            Decision.REFUSED: _("Somebody who represents you refused consent for you."),
            Decision.WITHDRAWN: _("Somebody who represents you withdrew consent for you."),
        }[Decision(decision)]
    return {
        Decision.REFUSED: _("You refused your consent."),
        Decision.WITHDRAWN: _("You withdrew your consent."),
    }[Decision(decision)]


def heading_of_no(decision: str, method: str) -> str:
    """The same, short, for a heading."""
    if method == Method.REPRESENTATIVE:
        return {
            Decision.REFUSED: _("Consent was refused for you"),
            Decision.WITHDRAWN: _("Consent was withdrawn for you"),
        }[Decision(decision)]
    return {
        Decision.REFUSED: _("You refused your consent"),
        Decision.WITHDRAWN: _("You withdrew your consent"),
    }[Decision(decision)]


def subject_of_no(decision: str, method: str, title: str) -> str:
    """The same, with the purpose, for the subject of a mail."""
    if method == Method.REPRESENTATIVE:
        words = {
            Decision.REFUSED: _("Consent was refused for you: %(title)s"),
            Decision.WITHDRAWN: _("Consent was withdrawn for you: %(title)s"),
        }[Decision(decision)]
    else:
        words = {
            Decision.REFUSED: _("You refused your consent: %(title)s"),
            Decision.WITHDRAWN: _("You withdrew your consent: %(title)s"),
        }[Decision(decision)]
    return words % {"title": title}
