"""What a person is told about their case, in plain words. What is not listed here is not shown."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests.enums import RequestKind as K

KINDS: dict[str, tuple[str | Promise, str | Promise]] = {
    K.ACCESS: (
        _("See my data"),
        _("Get a copy of the personal data held about you, what it is used for and who receives it."),
    ),
    K.PORTABILITY: (
        _("Take my data elsewhere"),
        _("Get the data you gave in a form that another service can read."),
    ),
    K.RECTIFICATION: (
        _("Correct my data"),
        _("Have what is wrong put right, or what is missing added. Whoever got the wrong data is told."),
    ),
    K.ERASURE: (
        _("Delete my data"),
        _("Have your personal data deleted. What a law says must be kept is kept; you are told what and why."),
    ),
    K.OBJECTION: (
        _("Object to a use of my data"),
        _("Say that your data shall not be used for something, for example advertising."),
    ),
    K.RESTRICTION: (
        _("Have my data left alone"),
        _("Have your data kept but not used, for example while we check whether it is right."),
    ),
    K.CONSENT_WITHDRAWAL: (
        _("Withdraw a consent"),
        _("Take back what you agreed to. It ends at once."),
    ),
    K.RECONSIDERATION: (
        _("Have a decision looked at"),
        _("Have a person look again at a decision that a computer made about you, and tell you what comes of it."),
    ),
    K.QUESTION: (
        _("Ask a question"),
        _("Ask anything about how your data is handled. You get an answer in writing."),
    ),
    K.COMPLAINT: (
        _("Complain"),
        _("Say what went wrong with your data. Somebody who had no part in it looks into it and answers you."),
    ),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that people look for in one place."""

    title: str | Promise
    kinds: tuple[K, ...]


GROUPS = (
    Group(_("See it or take it along"), (K.ACCESS, K.PORTABILITY)),
    Group(_("Change it"), (K.RECTIFICATION, K.ERASURE)),
    Group(_("Stop its use"), (K.OBJECTION, K.RESTRICTION)),
    Group(_("Ask or complain"), (K.RECONSIDERATION, K.QUESTION, K.COMPLAINT)),
)
