"""What somebody typed while their session ended: the sign-in pages carry it along, and then show it again in its form.

Nothing of it is kept here, and nothing is sent by itself: the form comes back filled in, for its writer to send.
"""

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import HTTPException
from litestar.types import Receive, Scope
from litestar.utils.scope.state import ScopeState

from web.forms import AGAIN, FORM_COOKIE, Form

KEEPS_WORDS = {"keeps_words": True}
MOST_OCTETS = 100_000
CARRIED = "typed"
_ROOM = re.compile(r"/programs/[\w./-]+")
_NOT_CARRIED = frozenset({"_csrf_token", AGAIN})
_SECRETS = frozenset({"password"})
_FORM = "application/x-www-form-urlencoded"


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
    if not scope["route_handler"].opt.get("keeps_words"):
        return None
    request: Request[Any, Any, Any] = scope["litestar_app"].request_class(scope, receive)
    await read_short_form(request)
    return typed_in(request)


async def read_short_form(request: Request[Any, Any, Any]) -> None:
    """Take in what is sent, so that `typed_in` finds it, if it is a form and not too long."""
    length = request.headers.get("content-length", "")
    if request.headers.get("content-type", "").partition(";")[0] == _FORM and (
        length.isascii() and length.isdigit() and int(length) <= MOST_OCTETS
    ):
        with suppress(HTTPException):
            await request.form()


def typed_in(request: Request[Any, Any, Any]) -> Typed | None:
    """What a request sent that was read already, if it came from a form of ours and is for others to see."""
    read = ScopeState.from_scope(request.scope).form
    if not isinstance(read, dict) or request.headers.get("content-type", "").partition(";")[0] != _FORM:
        return None
    data = FormMultiDict.from_form_data(read)
    token, cookie = data.get("_csrf_token"), request.cookies.get(FORM_COOKIE, "")
    if (
        not isinstance(token, str)
        or not secrets.compare_digest(token.encode(), cookie.encode())
        or not cookie
        or _SECRETS.intersection(data.keys())
    ):
        return None
    fields = tuple(
        (name, value)
        for name, value in data.multi_items()
        if name not in _NOT_CARRIED and isinstance(value, str)
    )
    return Typed(request.url.path, fields)


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
