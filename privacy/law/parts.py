"""Builds the parts of a rule from the keys of a rule file."""

from privacy.law.calendars import holidays_of
from privacy.law.enums import (
    Cause,
    Condition,
    Confidence,
    Effect,
    ExtensionFrom,
    ExtensionGround,
    FeeCondition,
    FeeMode,
    FirstDay,
    Roll,
    Statement,
    Unit,
)
from privacy.law.errors import CalendarError
from privacy.law.reading import Fields
from privacy.law.shapes import Acknowledgement, CorrectionNotice, Extension, Fee, Period, Recourse, Span, Stop

ANY_RECENT_YEAR = 2026


def read_span(fields: Fields) -> Span:
    return Span(fields.count("n"), fields.word("unit", Unit))


def read_period(fields: Fields) -> Period:
    calendar, choices = fields.text_or_none("calendar"), fields.texts("calendar_may_be")
    if calendar is None and not choices:
        raise fields.wrong("calendar", "is missing; name a calendar, or offer some in calendar_may_be")
    for code in filter(None, (calendar, *choices)):
        try:
            holidays_of(code, ANY_RECENT_YEAR)
        except CalendarError as error:
            raise fields.wrong("calendar", str(error)) from error
    return Period(
        span=read_span(fields),
        calendar=calendar,
        first_day=fields.word("first_day", FirstDay, FirstDay.EXCLUDED),
        roll=fields.word("roll", Roll, Roll.NONE),
        calendar_may_be=choices,
    )


def read_extension(fields: Fields) -> Extension:
    grounds = fields.words("grounds", ExtensionGround)
    uncapped = fields.words("uncapped_grounds", ExtensionGround)
    if not set(uncapped) <= set(grounds):
        raise fields.wrong("uncapped_grounds", "names a ground that is not among the grounds")
    return Extension(
        span=read_span(fields),
        times=fields.count("times", 1),
        counted_from=fields.word("counted_from", ExtensionFrom, ExtensionFrom.BASE),
        grounds=grounds,
        uncapped_grounds=uncapped,
        longer_with_permission=fields.yes_or_no("longer_with_permission", False),
        must_say=fields.words("must_say", Statement),
    )


def read_stop(stops: Fields, cause: str) -> Stop:
    try:
        known = Cause(cause)
    except ValueError:
        raise stops.wrong(cause, f"is not one of: {', '.join(Cause)}") from None
    fields = stops.child(cause)
    if fields is None:
        raise stops.wrong(cause, "must be a mapping with an effect")
    stop = Stop(known, fields.word("effect", Effect), fields.words("needs", Condition))
    fields.done()
    return stop


def read_fee(fields: Fields) -> Fee:
    return Fee(
        mode=fields.word("mode", FeeMode),
        needs=fields.words("needs", FeeCondition),
        deposit=fields.yes_or_no("deposit", False),
        lapse_after=fields.build("lapse_after", read_span),
    )


def read_acknowledgement(fields: Fields) -> Acknowledgement:
    return Acknowledgement(period=read_period(fields), must_say=fields.words("must_say", Statement))


def read_recourse(row: Fields) -> Recourse:
    def build(fields: Fields) -> Recourse:
        authorities = fields.texts("authorities")
        if not authorities:
            raise fields.wrong("authorities", "must name at least one authority")
        return Recourse(authorities, fields.build("within", read_span))

    recourse = row.build("recourse", build)
    if recourse is None:
        raise row.wrong("recourse", "is missing")
    return recourse


def read_correction_notice(fields: Fields) -> CorrectionNotice:
    return CorrectionNotice(
        section=fields.text("section"),
        whom=fields.text("whom"),
        look_back=fields.build("look_back", read_span),
        confidence=fields.word("confidence", Confidence),
    )
