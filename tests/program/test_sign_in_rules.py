"""Sealed links: only this installation makes them, for one purpose each."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from program.sign_in.rules import NONCE_BYTES, digest_of, sealed, subject_of, unsealed

SECRET = "a secret that is long enough for us"
NONCES = st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES)


@given(NONCES)
def test_what_was_sealed_here_is_unsealed_here(nonce: bytes) -> None:
    assert unsealed(sealed(nonce, purpose="a", secret=SECRET), purpose="a", secret=SECRET) == nonce


@given(NONCES)
def test_a_seal_holds_for_its_purpose_and_secret_only(nonce: bytes) -> None:
    token = sealed(nonce, purpose="a", secret=SECRET)
    assert unsealed(token, purpose="b", secret=SECRET) is None
    assert unsealed(token, purpose="a", secret=SECRET + "!") is None


@given(NONCES, st.integers(0, 31), st.integers(1, 255))
def test_a_token_changed_anywhere_is_not_ours(nonce: bytes, place: int, by: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(sealed(nonce, purpose="a", secret=SECRET) + "=="))
    raw[place] ^= by
    assert (
        unsealed(base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="), purpose="a", secret=SECRET)
        is None
    )


@given(st.text())
def test_no_text_that_somebody_makes_up_is_a_token(text: str) -> None:
    assert unsealed(text, purpose="a", secret=SECRET) is None


def test_a_token_can_stand_in_an_address() -> None:
    token = sealed(b"\xff" * NONCE_BYTES, purpose="a", secret=SECRET)
    assert token.replace("-", "").replace("_", "").isalnum()


def test_the_database_keeps_digests_that_tell_nothing() -> None:
    assert digest_of("token") != digest_of("Token")
    assert b"ada@example.com" not in subject_of("address", "ada@example.com", secret=SECRET)
    assert subject_of("address", " Ada@Example.com ", secret=SECRET) == subject_of(
        "address", "ada@example.com", secret=SECRET
    )
    assert subject_of("address", "x", secret=SECRET) != subject_of("source", "x", secret=SECRET)
    assert subject_of("address", "x", secret=SECRET) != subject_of("address", "x", secret=SECRET + "!")
