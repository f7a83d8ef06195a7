import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from joserfc import jws
from joserfc.jwk import OKPKey

from privacy.ledger.canonical import canonical
from privacy.ledger.signing import SignatureInvalid, public_half, public_keys, read_signed, sign

CONTENT = {"number": 3, "text": "« Ama »", "list": [1, None, True]}


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_signature_verifies_with_another_library_and_only_the_published_key():
    signed = sign(CONTENT, kind="test")
    head, body, signature = signed.split(".")
    (key,) = public_keys()["keys"]
    public = Ed25519PublicKey.from_public_bytes(_bytes(key["x"]))
    public.verify(_bytes(signature), f"{head}.{body}".encode())
    assert json.loads(_bytes(body)) == CONTENT
    assert json.loads(_bytes(head)) == {"alg": "Ed25519", "kid": key["kid"], "typ": "test"}
    with pytest.raises(InvalidSignature):
        public.verify(_bytes(signature), f"{head}.{body}x".encode())


@pytest.mark.parametrize("seed", [None, b"o" * 32])
@pytest.mark.parametrize("kind", ["consent-receipt", "organisation-certificate", "« é »"])
def test_it_is_signed_as_a_library_of_that_standard_does_it(settings, seed, kind):
    secret = seed or settings.SIGNING_SEED
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public_half(secret)["x"], "d": _text(secret)})
    header = {"alg": "Ed25519", "kid": key.thumbprint(), "typ": kind}
    assert sign(CONTENT, kind=kind, seed=seed) == jws.serialize_compact(
        header, canonical(CONTENT), key, algorithms=["Ed25519"]
    )


def test_the_key_is_named_by_its_thumbprint_and_holds_no_secret():
    (key,) = public_keys()["keys"]
    digest = Hash(SHA256())
    digest.update(f'{{"crv":"Ed25519","kty":"OKP","x":"{key["x"]}"}}'.encode())
    assert key["kid"] == _text(digest.finalize())
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}


def test_the_same_content_is_signed_the_same():
    assert sign({"a": 1, "b": 2}, kind="test") == sign({"b": 2, "a": 1}, kind="test")


def test_what_was_signed_reads_back():
    assert read_signed(sign(CONTENT, kind="test"), kind="test") == CONTENT


def test_what_an_earlier_key_signed_stays_genuine_after_a_rotation(settings):
    signed, (old,) = sign(CONTENT, kind="test"), public_keys()["keys"]
    settings.SIGNING_SEED, settings.RETIRED_SIGNING_SEEDS = b"n" * 32, [settings.SIGNING_SEED]
    new, kept = public_keys()["keys"]
    assert (kept, new["kid"] != old["kid"]) == (old, True)
    assert [read_signed(each, kind="test") for each in (signed, sign(CONTENT, kind="test"))] == [CONTENT] * 2
    settings.RETIRED_SIGNING_SEEDS = []
    with pytest.raises(SignatureInvalid):
        read_signed(signed, kind="test")


def _altered():
    head, body, signature = sign(CONTENT, kind="test").split(".")
    return ".".join([head, _text(_bytes(body).replace(b"3", b"4")), signature])


def _by_a_stranger(settings):
    settings.SIGNING_SEED = b"x" * 32
    return sign(CONTENT, kind="test")


def _unsigned():
    _head, body, _signature = sign(CONTENT, kind="test").split(".")
    return f"{_text(json.dumps({'alg': 'none', 'typ': 'test'}).encode())}.{body}."


@pytest.mark.parametrize("make", [_altered, _unsigned, lambda: "nothing", lambda: "", lambda: "a.b.c"])
def test_what_is_not_genuine_is_refused(make):
    with pytest.raises(SignatureInvalid):
        read_signed(make(), kind="test")


def test_what_a_stranger_signed_is_refused(settings):
    own = settings.SIGNING_SEED
    forged = _by_a_stranger(settings)
    assert read_signed(forged, kind="test") == CONTENT
    settings.SIGNING_SEED = own
    with pytest.raises(SignatureInvalid):
        read_signed(forged, kind="test")


def test_one_kind_of_document_does_not_pass_for_another():
    with pytest.raises(SignatureInvalid, match="not a receipt"):
        read_signed(sign(CONTENT, kind="test"), kind="receipt")


def test_other_keys_can_be_trusted():
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    keys = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": _text(stranger), "kid": "other"}]}
    with pytest.raises(SignatureInvalid):
        read_signed(sign(CONTENT, kind="test"), kind="test", keys=keys)
    assert read_signed(sign(CONTENT, kind="test"), kind="test", keys=public_keys()) == CONTENT
