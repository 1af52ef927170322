"""What the doctor finds: one line each, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at. `mend` says what to do where it is not `OK`."""

    state: State
    what: str
    mend: str = ""


def ok(what: str) -> Finding:
    return Finding(State.OK, what)


def look(what: str, mend: str) -> Finding:
    return Finding(State.LOOK, what, mend)


def wrong(what: str, mend: str) -> Finding:
    return Finding(State.WRONG, what, mend)
