import io
import itertools
import zipfile

import pytest

from privacy.subjects.crypto import CannotDecrypt
from privacy.subjects.files import CHUNK_BYTES, EncryptedWriter, decrypted
from privacy.tenants.context import organisation_context

WORDS = b"Ama Mensah, 12 Ring Road "


def sealed(data: bytes, context: str = "test.file") -> bytes:
    target = io.BytesIO()
    with EncryptedWriter(target, context=context) as writer:
        writer.write(data)
    return target.getvalue()


def opened(stored: bytes, context: str = "test.file") -> bytes:
    return b"".join(decrypted(io.BytesIO(stored), context=context))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_is_written_is_read_back_at_every_length_around_a_chunk(alpha, size):
    data = (WORDS * (size // len(WORDS) + 1))[:size]
    stored = sealed(data)
    assert opened(stored) == data
    assert WORDS not in stored


def test_writing_in_small_portions_gives_the_same_content(alpha):
    target = io.BytesIO()
    with EncryptedWriter(target, context="test.file") as writer:
        for _ in range(10_000):
            writer.write(WORDS)
    assert writer.size == 10_000 * len(WORDS)
    assert opened(target.getvalue()) == WORDS * 10_000


def test_a_file_altered_at_any_place_does_not_open(alpha):
    stored = sealed(WORDS * 6000)  # three chunks
    assert opened(stored) == WORDS * 6000
    for place in itertools.chain(range(60), range(60, len(stored), 4999), [len(stored) - 1]):
        altered = bytearray(stored)
        altered[place] ^= 1
        with pytest.raises(CannotDecrypt):
            opened(bytes(altered))


def test_a_file_cut_anywhere_does_not_open_even_between_two_chunks(alpha):
    stored = sealed(WORDS * 6000)
    start = len(stored) - (len(WORDS) * 6000 + 3 * 17)
    ends_of_chunks = [start + n * (CHUNK_BYTES + 17) for n in range(3)]
    for length in [0, 1, 2, start - 1, *ends_of_chunks, ends_of_chunks[1] + 5, len(stored) - 1]:
        with pytest.raises(CannotDecrypt):
            opened(stored[:length])


def test_a_file_with_something_added_does_not_open(alpha):
    with pytest.raises(CannotDecrypt):
        opened(sealed(WORDS) + b"x")
    full = sealed(b"x" * CHUNK_BYTES)  # its end coincides with the end of a read
    with pytest.raises(CannotDecrypt, match="goes on after its end"):
        opened(full + b"x")


def test_a_file_put_in_the_place_of_another_does_not_open(alpha):
    with pytest.raises(CannotDecrypt):
        opened(sealed(WORDS, context="package of one case"), context="package of another case")


def test_another_organisation_cannot_open_it(alpha, beta):
    stored = sealed(WORDS)
    with organisation_context(beta), pytest.raises(CannotDecrypt):
        opened(stored)
    assert opened(stored) == WORDS


def test_a_file_whose_writer_failed_does_not_open(alpha):
    target = io.BytesIO()

    def fail_halfway() -> None:
        with EncryptedWriter(target, context="test.file") as writer:
            writer.write(WORDS)
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        fail_halfway()
    with pytest.raises(CannotDecrypt, match="ends before its end"):
        opened(target.getvalue())


def test_a_file_made_under_a_retired_master_key_opens_and_new_ones_use_the_current_key(alpha, settings):
    stored = sealed(WORDS)
    settings.DATA_KEYS = {"next": b"n" * 32} | settings.DATA_KEYS
    assert opened(stored) == WORDS
    assert sealed(WORDS)[2:6] == b"next"
    settings.DATA_KEYS = {"next": b"n" * 32}
    with pytest.raises(CannotDecrypt, match="PRIVACY_DESK_KEYS"):
        opened(stored)


def test_an_archive_can_be_written_through_it(alpha):
    target = io.BytesIO()
    with EncryptedWriter(target, context="test.file") as writer, zipfile.ZipFile(writer, "w") as archive:
        archive.writestr("a.txt", WORDS)
    with zipfile.ZipFile(io.BytesIO(opened(target.getvalue()))) as archive:
        assert (archive.testzip(), archive.read("a.txt")) == (None, WORDS)
