import pytest

from consent.cookies.errors import OriginInvalid
from consent.cookies.origins import read_origin


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.example.com", "https://www.example.com"),
        (" HTTPS://WWW.Example.com/ ", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(typed, origin):
    assert read_origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "", "example.com", "https://", "https://example.com/shop", "https://example.com?x", "https://example.com#x",
        "https://*.example.com", "https://user@example.com", "https://example.com:99999", "http://example.com",
        "ftp://example.com", "https://exa mple.com", "https://bücher.example", "null", "https://[::1]",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(typed):
    with pytest.raises(OriginInvalid):
        read_origin(typed)


@pytest.mark.parametrize("typed", ["http://localhost:8000", "http://shop.localhost:8000", "http://127.0.0.1:8000"])
def test_a_server_on_the_own_machine_is_one_only_where_it_is_allowed(typed, settings):
    assert read_origin(typed) == typed
    settings.PLAIN_LOCAL_ORIGINS_ALLOWED = False
    with pytest.raises(OriginInvalid):
        read_origin(typed)
