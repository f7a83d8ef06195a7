from ipaddress import ip_address, ip_network

import pytest

from privacy.datamap.engine.dialects import sqlite_functions
from privacy.datamap.engine.dialects.sqlite_functions import NO_ADDRESS

ADDRESSES = (
    NO_ADDRESS, "10.0.0.7", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", " 1.2.3.4", "1.2.3.4\n",
    "1.2.3.٤", "", "a.b.c.d", "1..3.4", "-1.2.3.4",
)  # fmt: skip


@pytest.mark.parametrize("text", ADDRESSES)
@pytest.mark.parametrize("parts", [1, 2, 3])
def test_ipv4_addresses_are_shortened_as_the_standard_library_reads_them(text, parts):
    try:
        expected = str(ip_network(f"{ip_address(text)}/{8 * parts}", strict=False).network_address)
    except ValueError:
        expected = NO_ADDRESS
    assert sqlite_functions._network(text.encode(), parts) == expected


def test_what_is_read_as_a_moment_once_is_read_so_again():
    for _time in range(2):
        assert sqlite_functions._moment("2024-02-29") == "2024-02-29 00:00:00.000000"
        assert sqlite_functions._moment("2023-02-29") is None
        assert sqlite_functions._moment("2024-02-29T01:00:00+01:00") == "2024-02-29 00:00:00.000000"
        assert sqlite_functions._moment(20240229) is None
