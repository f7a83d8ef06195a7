"""Repeatable chance: one stream per subject, so that a change to one table leaves the others as they were."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

CENT = Decimal("0.01")


def stream(seed: int, subject: str) -> Random:
    """Give the stream of chance for a subject, for example the name of a table; the same on every Python."""
    return Random(f"{seed}:{subject}")


def pick_date(chance: Random, first: date, last: date) -> date:
    """Pick a day from first to last, both included; first when last lies before it."""
    return first + timedelta(days=chance.randint(0, max((last - first).days, 0)))


def pick_moment(chance: Random, first: date, last: date) -> datetime:
    """Pick a moment in working hours (UTC) on a day from first to last."""
    day = pick_date(chance, first, last)
    return datetime.combine(day, time(chance.randint(7, 18), chance.randint(0, 59), chance.randint(0, 59)), tzinfo=UTC)


def pick_uuid(chance: Random) -> UUID:
    """Pick a random (version 4) UUID."""
    return UUID(int=chance.getrandbits(128), version=4)


def pick_amount(chance: Random, low: int, high: int) -> Decimal:
    """Pick an amount of money in steps of a quarter, from low to high whole units."""
    return (Decimal(chance.randint(low * 4, high * 4)) / 4).quantize(CENT)


def sometimes(chance: Random, share: float) -> bool:
    """Tell yes in this share of cases (0 to 1)."""
    return chance.random() < share


def years_before(day: date, years: int) -> date:
    """Give the same day of an earlier year; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
