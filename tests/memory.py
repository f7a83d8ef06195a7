"""How much memory something takes at most, told without a clock: by Python's own record of what it has allocated."""

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager


class Peak:
    """The most bytes that were held at once, over those from before."""

    bytes: int

    def collect(self) -> None:
        """Give back what nobody holds any more. Called at even steps, or the peak says when the collector came by."""
        gc.collect()


@contextmanager
def measured() -> Iterator[Peak]:
    """Measures the body, in all threads of this process."""
    peak = Peak()
    gc.collect()
    gc.freeze()  # so that each collection looks at what is new only; it stays, as all tests are frozen (conftest.py)
    tracemalloc.start()
    try:
        yield peak
        _now, peak.bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
