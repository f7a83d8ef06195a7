"""Further steps of generalisation as an officer types them, one after another: `year, decade, nothing`."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import ColumnMask, Strategy

_PREFIXES = {"/24": 3, "/16": 2, "/8": 1}
_FIRST = re.compile(r"first (\d{1,3})\Z")
_BUCKET = re.compile(r"\d{1,15}\Z")
_ALWAYS = re.compile(r"always (.+)\Z")


class StepsField(forms.CharField):
    """A list of {"strategy", "params"}."""

    def __init__(self, **kwargs: Any) -> None:
        for name in ("encoder", "decoder"):
            kwargs.pop(name, None)
        kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 1, "placeholder": "year, decade, nothing"})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(written(each) for each in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        parts = [part.strip() for part in re.split(r"[,\n]", value or "")]
        return [_read(part) for part in parts if part]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True


def written(step: dict[str, Any]) -> str:
    """A step in the words in which it is typed."""
    strategy, params = step["strategy"], step["params"]
    match strategy:
        case Strategy.NULL:
            return "nothing"
        case Strategy.GENERALISE_DATE:
            return str(params["to"])
        case Strategy.GENERALISE_NUMBER:
            return str(params["size"])
        case Strategy.GENERALISE_POSTCODE:
            return f"first {params['keep']}"
        case Strategy.GENERALISE_IP:
            return next(prefix for prefix, parts in _PREFIXES.items() if parts == params.get("keep", 3))
        case _:
            return f"always {params['value']}"


def _read(text: str) -> dict[str, Any]:
    word = text.lower()
    if word == "nothing":
        return _checked(Strategy.NULL, {})
    if word in ("month", "year", "decade"):
        return _checked(Strategy.GENERALISE_DATE, {"to": word})
    if _BUCKET.match(word):
        return _checked(Strategy.GENERALISE_NUMBER, {"size": int(word)})
    if match := _FIRST.match(word):
        return _checked(Strategy.GENERALISE_POSTCODE, {"keep": int(match[1])})
    if word in _PREFIXES:
        return _checked(Strategy.GENERALISE_IP, {"keep": _PREFIXES[word]})
    if match := _ALWAYS.match(text):
        return _checked(Strategy.CONSTANT, {"value": match[1]})
    raise ValidationError(_refusal())


def _checked(strategy: Strategy, params: dict[str, Any]) -> dict[str, Any]:
    try:
        ColumnMask("", strategy, params)
    except InvalidSpec:
        raise ValidationError(_refusal()) from None
    return {"strategy": strategy.value, "params": params}


def _refusal() -> str:
    return _(
        "Write the steps one after another: “month”, “year” or “decade” of a date; “10” or “100” for rounding a "
        "number; “first 3” of a postcode; “/24”, “/16” or “/8” of an IP address; “always other”; “nothing” to empty it."
    )
