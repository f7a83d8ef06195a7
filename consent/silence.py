"""Whether silence can stand for consent to a purpose, as the register has it now.

An opt-out campaign is begun only where it can; it is asked again before anybody is told, before a letter leaves, and
before anybody is taken to agree, because the register may change in the weeks between. Whoever else states that
somebody agreed without saying so is asked the same.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from consent.models import Method, WhyStopped
from privacy.register.models import LawfulBasis, Purpose

SILENT = (Method.IMPLIED, Method.OPT_OUT)
"""The methods by which people are taken to agree without saying so."""


def why_silence_is_no_consent(purpose: Purpose) -> WhyStopped | None:
    """What stands against it; None where silence will do.

    Sensitive data and a minimum age need more than silence (PIPEDA, schedule 1, 4.3.4 to 4.3.6), and so does what
    cannot be withdrawn.
    """
    if purpose.is_prohibited:
        return WhyStopped.PROHIBITED
    if purpose.lawful_basis != LawfulBasis.CONSENT:
        return WhyStopped.NOT_BY_CONSENT
    if purpose.withdrawal_bar:
        return WhyStopped.BINDING
    if purpose.special_categories:
        return WhyStopped.SENSITIVE
    return WhyStopped.MINIMUM_AGE if purpose.minimum_age is not None else None


WORDS: dict[WhyStopped, str | Promise] = {
    WhyStopped.PROHIBITED: gettext_lazy("The organisation has promised never to do this."),
    WhyStopped.NOT_BY_CONSENT: gettext_lazy("This purpose does not rest on consent."),
    WhyStopped.BINDING: gettext_lazy(
        "A consent to this cannot be withdrawn: silence does not bind anybody. Ask people."
    ),
    WhyStopped.SENSITIVE: gettext_lazy("This purpose needs sensitive data: silence is no consent to that. Ask people."),
    WhyStopped.MINIMUM_AGE: gettext_lazy(
        "This purpose has a minimum age, and silence does not tell how old somebody is. Ask people for their consent."
    ),
}
"""What stands against it and what to do, for whoever would take silence for consent."""
