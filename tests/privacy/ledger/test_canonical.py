import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from privacy.ledger.canonical import canonical

_NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1)
_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
_WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
_PLAIN = st.recursive(
    st.none() | st.booleans() | _TEXT | _WHOLE, lambda inner: st.lists(inner) | st.dictionaries(_NAMES, inner)
)
_ANY = st.recursive(
    st.none() | st.booleans() | _TEXT | _WHOLE | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner),
)


@given(_PLAIN)
def test_the_fast_way_gives_the_bytes_of_rfc_8785(content):
    assert canonical(content) == rfc8785.dumps(content)


@given(_ANY)
def test_so_does_everything_else(content):
    assert canonical(content) == rfc8785.dumps(content)
    assert json.loads(canonical(content), parse_int=float) == content  # every number there is a double


def test_names_are_in_the_order_of_utf_16():
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("content", ["\ud800", {"a": ["\udfff"]}, 2**53 + 1, float("nan"), {"a": float("inf")}])
def test_what_cannot_be_written_is_refused(content):
    with pytest.raises(ValueError, match=r".+"):
        canonical(content)
