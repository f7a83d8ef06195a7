"""Asking a scanner: clean is only what it calls clean."""

import socket

import pytest

from privacy.documents import scanning
from privacy.documents.checks import uploads_are_scanned
from privacy.documents.errors import ScannerAway
from tests.clamd import EICAR, over_tcp, over_unix


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, settings, tmp_path):
    with over_tcp() if request.param == "tcp" else over_unix(tmp_path) as daemon:
        settings.CLAMD_ADDRESS = daemon.address
        yield daemon


def test_what_the_scanner_calls_clean_is_clean_and_it_saw_all_of_it(clamd):
    chunks = [b"a" * 100_000, b"", b"b" * 70_000]
    assert scanning.scan(chunks) is None
    assert clamd.received == [b"".join(chunks)]


def test_malware_is_named(clamd):
    assert scanning.scan([b"before", EICAR, b"after"]) == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: OK FOUND me\0", "scanner_refused"),
        (b"INSTREAM: something. ERROR\0", "scanner_refused"),
        (b"OK\0", "scanner_refused"),
        (b"stream: OKAY\0", "scanner_refused"),
        (b"stream: OK", "scanner_unreachable"),
        (b"\0", "scanner_refused"),
        (b"x" * 10_000, "scanner_refused"),
    ],
)
def test_any_other_answer_says_nothing_about_the_file(clamd, answer, code):
    clamd.answer = answer
    with pytest.raises(ScannerAway) as caught:
        scanning.scan([b"x"])
    assert caught.value.code == code
    clamd.answer = None
    assert scanning.scan([b"x"]) is None


def test_a_file_over_the_scanners_limit_is_not_known(clamd):
    clamd.limit = 1000
    with pytest.raises(ScannerAway) as caught:
        scanning.scan([b"x" * 1000] * 200)
    assert caught.value.code in ("scanner_too_large", "scanner_unreachable")
    assert scanning.scan([b"x" * 1000]) is None


def test_a_scanner_that_says_nothing_is_not_waited_for_for_ever(clamd):
    clamd.hangs = True
    with pytest.raises(ScannerAway, match="scanner_unreachable"):
        scanning.scan([b"x"], seconds=0.3)


def test_a_scanner_that_is_not_there_is_away(settings, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()
    for address in (nobody, str(tmp_path / "none.ctl")):
        settings.CLAMD_ADDRESS = address
        with pytest.raises(ScannerAway, match="scanner_unreachable"):
            scanning.scan([b"x"])


def test_an_installation_without_a_scanner_is_warned_when_it_is_deployed(settings):
    settings.CLAMD_ADDRESS = None
    assert [warning.id for warning in uploads_are_scanned()] == ["privacy_desk.W001"]
    settings.CLAMD_ADDRESS = "/run/clamav/clamd.ctl"
    assert uploads_are_scanned() == []
