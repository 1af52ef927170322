"""What somebody typed while their session ended: the sign-in pages carry it along, and then show it again in its form.

Nothing of it is kept here, and nothing is sent by itself: the form comes back filled in, for its writer to send.
"""

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.types import Receive, Scope

from web.forms import AGAIN, FORM_COOKIE, Form

KEEPS_WORDS = {"keeps_words": True}
MOST_OCTETS = 100_000
CARRIED = "typed"
_ROOM = re.compile(r"/programs/[\w./-]+")
_NOT_CARRIED = frozenset({"_csrf_token", AGAIN})


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as they were typed, and where it is sent."""

    to: str
    fields: tuple[tuple[str, str], ...]

    @property
    def carried(self) -> str:
        """The value of the hidden field in which a page carries it."""
        return json.dumps({"to": self.to, "fields": self.fields})


async def typed_words(scope: Scope, receive: Receive) -> Typed | None:
    """What a stranger sends to a route that keeps words, if it is a form of ours and not too long."""
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    length = connection.headers.get("content-length", "")
    if (
        not scope["route_handler"].opt.get("keeps_words")
        or connection.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded"
        or not (length.isascii() and length.isdigit() and int(length) <= MOST_OCTETS)
    ):
        return None
    request: Request[Any, Any, Any] = scope["litestar_app"].request_class(scope, receive)
    try:
        data = await request.form()
    except HTTPException:
        return None
    token, cookie = data.get("_csrf_token"), connection.cookies.get(FORM_COOKIE, "")
    if (
        not isinstance(token, str)
        or not secrets.compare_digest(token.encode(), cookie.encode())
        or not cookie
    ):
        return None
    fields = tuple(
        (name, value)
        for name, value in data.multi_items()
        if name not in _NOT_CARRIED and isinstance(value, str)
    )
    return Typed(connection.url.path, fields)


def carried_by(form: Form) -> Typed | None:
    """What a sign-in page carried along; None where it carried nothing that could be a form of ours."""
    (said, *_more) = [*form.list(CARRIED), ""]
    try:
        told = json.loads(said)
        fields = tuple((str(name), str(value)) for name, value in told["fields"])
        to = told["to"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Typed(to, fields) if isinstance(to, str) and _ROOM.fullmatch(to) and ".." not in to else None
