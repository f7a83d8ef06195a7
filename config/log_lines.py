"""How lines of the log are written.

Danger: errors quote the values they choke on (`Key (email)=(...) already exists`), and addresses of mailed links hold
their secret; both would stay in logs for as long as logs are kept, read by whoever reads logs.
Rule: of an error only its type and the places in the code are written, of a page only the pattern of its address.
"""

import logging
import traceback
from collections.abc import Iterator
from copy import copy
from types import TracebackType
from typing import Any

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes where and of what kind an error was, and never what it said."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        record.exc_text = None  # another handler may have written the whole error there
        if (request := getattr(record, "request", None)) is not None:
            record.msg, record.args = _without_address(record.getMessage(), request), ()
        return super().format(record)

    def formatException(self, ei: _ErrorInfo) -> str:
        return "\n".join(_places(ei[1])) if ei[1] is not None else ""


def _without_address(message: str, request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    pattern = f"/{match.route}" if match is not None else "(no page)"
    if len(request.path) <= 1:  # the start page: nothing to hide
        return message
    for written in (request.path, request.path.encode("unicode_escape").decode()):
        message = message.replace(written, pattern)
    return message


def _places(error: BaseException | None) -> Iterator[str]:
    """The error that came first first, as Python writes them."""
    if error is None:
        return
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from _places(earlier)
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield f"{type(error).__module__}.{type(error).__qualname__}"
