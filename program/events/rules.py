"""Is this chain of events whole? Each event carries the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

GENESIS = b""
INSTALLATION = UUID(int=0)
"""The chain of what concerns no program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What of an event is hashed: people and things as ids, never their names. `facts` holds JSON values."""

    chain: UUID
    number: int
    program: UUID | None
    name: str
    by: UUID | None
    about: UUID | None
    subject: UUID | None
    facts: Mapping[str, Any]
    at: datetime


class Harm(StrEnum):
    """What was done to an event: something it says was changed, it is gone, it is not the one that stood there, or it
    and all after it are cut off from the chain's head.
    """

    CHANGED = "changed"
    REMOVED = "removed"
    EXCHANGED = "exchanged"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event of a chain that does not follow from what stands before it."""

    chain: UUID
    number: int
    harm: Harm


def link_hash(link: Link, hash_before: bytes) -> bytes:
    """SHA-256 over the hash before and the canonical JSON (sorted keys, no spaces, UTF-8) of the event."""
    told = {
        "chain": str(link.chain),
        "number": link.number,
        "program": _text(link.program),
        "name": link.name,
        "by": _text(link.by),
        "about": _text(link.about),
        "subject": _text(link.subject),
        "facts": dict(link.facts),
        "at": link.at.isoformat(),
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(hash_before + canonical.encode()).digest()


def first_broken(
    chain: UUID, links: Iterable[tuple[Link, bytes, bytes]], head: tuple[int, bytes]
) -> Broken | None:
    """The first of a chain's (event, hash before, hash), in order, that was changed, moved or removed.

    `head` is the number and hash of the newest event, so that events missing at the end are found too.
    """
    number, before = 0, GENESIS
    for link, hash_before, own_hash in links:
        number += 1
        if link.number != number:
            return Broken(chain, number, Harm.REMOVED)
        if hash_before != before:
            return Broken(chain, number, Harm.EXCHANGED)
        if link_hash(link, before) != own_hash:
            return Broken(chain, number, Harm.CHANGED)
        before = own_hash
    return None if head == (number, before) else Broken(chain, number + 1, Harm.CUT_OFF)


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)
