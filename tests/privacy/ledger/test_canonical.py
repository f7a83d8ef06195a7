import json

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from privacy.ledger.sealed import canonical

_NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1)
_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
_FLAT = st.dictionaries(_NAMES, st.none() | _TEXT | st.integers(-(2**53) + 1, 2**53 - 1))
_ANY = st.dictionaries(_NAMES, st.none() | st.booleans() | _TEXT | st.lists(_TEXT) | st.dictionaries(_TEXT, _TEXT))


@given(_FLAT)
def test_the_fast_way_gives_the_bytes_of_rfc_8785(content):
    assert canonical(content) == rfc8785.dumps(content)


@given(_ANY)
def test_everything_else_takes_the_long_way(content):
    assert canonical(content) == rfc8785.dumps(content)
    assert json.loads(canonical(content)) == content
