import pytest

from privacy.law.enums import Cause, Effect, Unit
from privacy.law.shapes import Period, PolicyPromise, Span, Stop


@pytest.fixture
def promise_of_five_business_days() -> PolicyPromise:
    return PolicyPromise(
        id="promise.access",
        version="1",
        citation="Our policy 9.4",
        period=Period(Span(5, Unit.BUSINESS_DAY), "CA-BC"),
        stops=(Stop(Cause.CLARIFICATION, Effect.PAUSE),),
    )
