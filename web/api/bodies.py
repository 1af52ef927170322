"""What is sent to the API: JSON, looked at before anything is done with it."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from program.form_keys.actions import Sent
from program.words import gettext as _
from web.api.problems import Kind, Problem, Wrong

BODY = "body"
KEY = "Idempotency-Key"
DEEPEST = 20
LARGEST_WHOLE = 2**53 - 1


async def json_body(request: Request[Any, Any, Any]) -> Any:
    """The body’s value. Refused where it is no JSON, or holds what nothing here can keep."""
    kind, _options = request.content_type
    if kind != "application/json":
        raise Problem(Kind.WRONG_CONTENT_TYPE)
    try:
        told = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as unreadable:
        raise Problem(Kind.MALFORMED) from unreadable
    wrong = list(_unkeepable(told, "", 0))
    if wrong:
        raise Problem(Kind.INVALID, errors=wrong)
    return told


def sent_of(request: Request[Any, Any, Any], told: Any) -> Sent:
    """The key under which this is kept once, however often it is sent, and the digest of what it says."""
    try:
        key = UUID(request.headers.get(KEY, ""))
    except ValueError as no_key:
        wrong = Wrong(
            detail=_("Send a UUID of your own making with each new body, and the same one to try again."),
            parameter=KEY,
        )
        raise Problem(Kind.INVALID, errors=[wrong]) from no_key
    body = msgspec.json.encode(told, order="deterministic")
    return Sent(key, hashlib.sha256(request.scope["path"].encode() + b"\n" + body).digest())


def _unkeepable(told: Any, pointer: str, depth: int) -> list[Wrong]:
    """Everything in a value that no database keeps, or that is nested deeper than anything needs."""
    if depth > DEEPEST:
        return [Wrong(detail=_("This is nested too deeply."), pointer=pointer)]
    if isinstance(told, str) and ("\x00" in told or not _is_text(told)):
        return [Wrong(detail=_("This text holds a character that cannot be kept."), pointer=pointer)]
    if isinstance(told, int) and abs(told) > LARGEST_WHOLE:
        return [Wrong(detail=_("This number is too large."), pointer=pointer)]
    if isinstance(told, dict):
        inside = list(told.items())
    elif isinstance(told, list):
        inside = [(str(place), value) for place, value in enumerate(told)]
    else:
        return []
    return [
        wrong
        for name, value in inside
        for wrong in _unkeepable(value, f"{pointer}/{escaped(name)}", depth + 1)
    ]


def escaped(name: str) -> str:
    """A field’s name as a JSON pointer writes it."""
    return name.replace("~", "~0").replace("/", "~1")


def _is_text(told: str) -> bool:
    """Whether it holds whole characters only, not halves of them."""
    return told.isascii() or told.encode("utf-8", "ignore").decode() == told
