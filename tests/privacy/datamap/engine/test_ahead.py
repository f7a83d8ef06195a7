"""Batches that are read while the caller works on the one before."""

import threading
from collections.abc import Iterator

import pytest

from privacy.datamap.engine.ahead import read_ahead


class Batches:
    """Three batches; tells what was read, and by whom."""

    def __init__(self, *, breaks_at: int | None = None) -> None:
        self.read: list[int] = []
        self.threads: set[int] = set()
        self.is_closed = False
        self._breaks_at = breaks_at

    def __iter__(self) -> Iterator[int]:
        try:
            for number in (1, 2, 3):
                self.threads.add(threading.get_ident())
                if number == self._breaks_at:
                    raise LookupError("the source went away")
                self.read.append(number)
                yield number
        finally:
            self.is_closed = True


def test_all_batches_come_in_order_and_each_is_read_while_the_one_before_is_worked_on():
    batches = Batches()
    ahead = read_ahead(iter(batches))
    assert next(ahead) == 1
    assert list(ahead) == [2, 3]
    assert batches.read == [1, 2, 3]
    assert len(batches.threads) == 1
    assert threading.get_ident() not in batches.threads


@pytest.mark.parametrize("nothing", [[], [[]]])
def test_no_batch_and_an_empty_one_are_not_the_same(nothing):
    assert list(read_ahead(iter(nothing))) == nothing


def test_what_goes_wrong_is_raised_in_the_place_of_its_batch():
    ahead = read_ahead(iter(Batches(breaks_at=2)))
    assert next(ahead) == 1
    with pytest.raises(LookupError, match="the source went away"):
        next(ahead)


def test_whoever_goes_away_waits_until_nobody_reads_any_more():
    started, may_end = threading.Event(), threading.Event()
    done = []

    def slow() -> Iterator[int]:
        yield 1
        started.set()
        may_end.wait(10)
        done.append(True)
        yield 2

    ahead = read_ahead(slow())
    assert next(ahead) == 1
    assert started.wait(10)
    threading.Timer(0.05, may_end.set).start()
    ahead.close()
    assert done == [True]
