"""What a sign-in link, a password and a session must be like to be trusted."""

import base64
import hashlib
import hmac
from datetime import timedelta

SIGN_IN_LINK = "sign-in link"
NONCE_BYTES = 16
SEAL_BYTES = 16
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LINK_LASTS = timedelta(hours=24)
OWNER_LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(days=30)
KEPT_AFTERWARDS = timedelta(days=30)
TRIES_COUNTED_FOR = timedelta(minutes=15)
TRIES_PER_ADDRESS = 10
TRIES_PER_SOURCE = 60


def sealed(nonce: bytes, *, purpose: str, secret: str) -> str:
    """The token that a link carries: the nonce that the database knows, and a seal that only this installation can make.

    Whoever reads the database alone cannot make the link. URL-safe text.
    """
    return base64.urlsafe_b64encode(nonce + _seal(nonce, purpose, secret)).decode().rstrip("=")


def unsealed(token: str, *, purpose: str, secret: str) -> bytes | None:
    """The nonce within a token, or None where the token was not sealed here for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    nonce, seal = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    return nonce if hmac.compare_digest(seal, _seal(nonce, purpose, secret)) else None


def digest_of(token: str) -> bytes:
    """What the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def subject_of(kind: str, value: str, *, secret: str) -> bytes:
    """What the database keeps of an address or a source that tries are counted against."""
    return hmac.digest(secret.encode(), f"{kind}:{value.strip().lower()}".encode(), "sha256")


def _seal(nonce: bytes, purpose: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode() + b":" + nonce, "sha256")[:SEAL_BYTES]
