"""Single values as officers type them into a text: `7`, `true`, `cancelled`, or a text in quotes."""

import json
from typing import Any


def read_value(text: str) -> Any:
    """A number, true, false or null as such; anything else is the text itself. NaN and Infinity are no numbers here:
    neither JSON nor a database's whole numbers know them.
    """
    try:
        return json.loads(text, parse_constant=_not_a_number)
    except ValueError:
        return text


def _not_a_number(text: str) -> Any:
    raise ValueError(text)
