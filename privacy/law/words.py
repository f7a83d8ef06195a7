"""The sentences of an explanation, in one place so that translators meet them together."""

from privacy.law.enums import Alternative, Cause, Unit
from privacy.law.sentences import Word, gettext_noop
from privacy.law.shapes import Span

RECEIVED = gettext_noop("Received on %(day)s.")
DAYS_AFTER_RECEIPT = gettext_noop("%(citation)s gives %(n)s %(unit)s; the day of receipt is not counted.")
DAYS_WITH_RECEIPT = gettext_noop("%(citation)s gives %(n)s %(unit)s; the day of receipt is the first.")
MONTHS = gettext_noop("%(citation)s gives %(n)s %(unit)s, to the corresponding date or the end of the month.")
ENDS = gettext_noop("Counted from %(start)s, the period ends on %(day)s.")
SKIPPED = gettext_noop("%(day)s is not counted: %(reason)s.")
NOT_STOPPED = gettext_noop("Waiting for %(cause)s since %(day)s does not stop this clock.")
UNCONFIRMED = gettext_noop(
    "Waiting for %(cause)s since %(day)s does not stop this clock, because its conditions were not all confirmed."
)
TOO_LATE = gettext_noop("Waiting for %(cause)s since %(day)s does not stop this clock, because it had already run out.")
STILL_WAITING = gettext_noop("The clock has stood since %(day)s, waiting for %(cause)s.")
RESTARTED = gettext_noop("The clock starts anew on %(day)s, when the wait for %(cause)s ended.")
WOULD_RESTART = gettext_noop("If what is awaited (%(cause)s) came on %(day)s, the clock would start anew on that day.")
PAUSED = gettext_noop("It stood from %(begin)s to %(end)s, so %(n)s %(unit)s are added: %(day)s.")
EXTENDED = gettext_noop("By notice of %(notice)s it is extended by %(n)s %(unit)s, to %(day)s.")
EXTENDED_FROM_START = gettext_noop(
    "By notice of %(notice)s it is extended by %(n)s %(unit)s, counted again from %(start)s, to %(day)s."
)
REPLACED_BY_NOTICE = gettext_noop(
    "The policy promises an answer or a written notice of more time; that of %(notice)s, under %(citation)s, moves it "
    "to %(day)s."
)
ROLLED = gettext_noop("It cannot end on %(moved_from)s (%(reason)s), so it moves to %(day)s.")
DUE = gettext_noop("The last day to answer is %(day)s.")
DUE_ACKNOWLEDGEMENT = gettext_noop("The last day to acknowledge is %(day)s.")

_UNITS = {
    Unit.CALENDAR_DAY: (gettext_noop("calendar day"), gettext_noop("calendar days")),
    Unit.BUSINESS_DAY: (gettext_noop("business day"), gettext_noop("business days")),
    Unit.CALENDAR_MONTH: (gettext_noop("calendar month"), gettext_noop("calendar months")),
}
_CAUSES = {
    Cause.IDENTITY: gettext_noop("proof of identity"),
    Cause.CLARIFICATION: gettext_noop("a clarification"),
    Cause.FEE: gettext_noop("an answer about the fee"),
}
_ALTERNATIVES = {
    Alternative.SEVERED_COPY: gettext_noop("You can have a copy without the parts that we may not give out."),
    Alternative.SUMMARY: gettext_noop("We can tell you in a summary what the information is about."),
    Alternative.VIEWING_IN_PERSON: gettext_noop("You can look at the information at our office."),
    Alternative.THROUGH_PRACTITIONER: gettext_noop(
        "A doctor or other health professional whom you choose can receive the information and go through it with you."
    ),
    Alternative.ANNOTATION: gettext_noop(
        "We can note your view beside the data; the note goes wherever the data goes."
    ),
    Alternative.RESTRICTION: gettext_noop("We can keep the data without using it for anything else."),
    Alternative.MORE_EVIDENCE: gettext_noop("You can send us more evidence, and we look at it again."),
    Alternative.ASK_AGAIN_LATER: gettext_noop("You can ask again later, when this reason has ended."),
    Alternative.OTHER_SOURCE: gettext_noop("You can ask whoever holds the information; we tell you whom, if we know."),
}


def alternative_word(alternative: Alternative) -> Word:
    """What a letter says when it offers this instead of what is refused."""
    return Word(_ALTERNATIVES[alternative])


def unit_word(n: int, unit: Unit) -> Word:
    one, many = _UNITS[unit]
    return Word(one if n == 1 else many)


def cause_word(cause: Cause) -> Word:
    return Word(_CAUSES[cause])


def span_values(span: Span) -> dict[str, int | str]:
    return {"n": span.n, "unit": unit_word(span.n, span.unit)}
