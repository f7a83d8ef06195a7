"""Whether silence can stand for consent to a purpose, as the register has it now.

An opt-out campaign is begun only where it can; it is asked again before anybody is told, before a letter leaves, and
before anybody is taken to agree, because the register may change in the weeks between.
"""

from consent.models import WhyStopped
from privacy.register.models import LawfulBasis, Purpose


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
