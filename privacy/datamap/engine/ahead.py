"""Reading the next batch while the caller works on this one: the server need not wait for Python, nor Python for it.

Danger: two threads use one connection at once. Rule: only the reading thread touches it until the batches are at their
end or the caller goes away; then it is waited for.
"""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")


def read_ahead(batches: Iterator[Batch]) -> Generator[Batch, None, None]:
    """The same batches in the same order, each read while the caller has the one before: two are in memory at once.

    What goes wrong while a batch is read is raised when that batch is asked for.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="privacy-desk-reader") as thread:
        following = thread.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = thread.submit(next, batches, None)
            yield batch
