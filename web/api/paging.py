"""Long lists, page by page: each page names where the next one begins, so that nothing new shifts what is still to come."""

import base64
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from program.settings import Settings
from program.words import gettext as _
from web.api.problems import WRONG_WITH_ADDRESS, Kind, Problem, Wrong

USUAL, MOST = 50, 200
SEAL_BYTES = 12
LIMIT, PLACE = "limit", "after"
_Item = TypeVar("_Item")
_Told = TypeVar("_Told")


class Page(Struct, Generic[_Told], frozen=True):
    """A part of a list. `next` is where the one after begins, for the parameter `after`; null where this is the last."""

    items: list[_Told]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which part of a list a call asks for: at most `limit` items after a place, from the beginning if it is None.

    A place is what `key` told of the last item before it, in JSON values. What is `wrong` with it is raised when it is
    first asked for, so that whatever else is wrong with a call is told with it.
    """

    limit: int
    place: list[Any] | None
    wrong: tuple[Wrong, ...]
    request: Request[Any, Any, Any]
    secret: str

    @property
    def after(self) -> list[Any] | None:
        self._check()
        return self.place

    @property
    def most(self) -> int:
        """How many items to fetch: one more than are told, to know whether there are more."""
        self._check()
        return self.limit + 1

    def page(
        self, found: Sequence[_Item], *, key: Callable[[_Item], Sequence[Any]], told: Callable[[_Item], _Told]
    ) -> Response[Page[_Told]]:
        """The answer with the first `limit` of what was found, and the way to the next part."""
        kept, more = found[: self.limit], len(found) > self.limit
        place = _sealed(json.dumps(key(kept[-1])).encode(), self.request, self.secret) if more else None
        headers = {"Link": f'<{self._address(place)}>; rel="next"'} if place else {}
        return Response(Page([told(item) for item in kept], place), headers=headers)

    def page_of_all(
        self, found: Sequence[_Item], *, key: Callable[[_Item], str], told: Callable[[_Item], _Told]
    ) -> Response[Page[_Told]]:
        """The same for a short list that was fetched whole: the place is an item’s key, or the end if it is gone."""
        places = [key(item) for item in found]
        begin = 0
        if self.after is not None:
            begin = places.index(self.after[0]) + 1 if self.after[0] in places else len(places)
        return self.page(found[begin : begin + self.most], key=lambda item: [key(item)], told=told)

    def _check(self) -> None:
        if self.wrong:
            raise Problem(Kind.INVALID, errors=self.wrong)

    def _address(self, place: str) -> str:
        asked = [(name, value) for name, value in self.request.query_params.multi_items() if name != PLACE]
        return f"{self.request.url.path}?{urlencode([*asked, (PLACE, place)])}"


def provide_paging(
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    limit: Annotated[str, QueryParameter(description="How many items to answer at most.")] = str(USUAL),
    after: Annotated[
        str | None,
        QueryParameter(description="Where to begin: “next” of the page before, as it stands."),
    ] = None,
) -> Paging:
    """Both come as text: Litestar would tell of what is wrong with them and of nothing that comes after."""
    wrong = []
    number = int(limit) if limit.isascii() and limit.isdigit() and len(limit) <= len(str(MOST)) else 0
    if not 1 <= number <= MOST:
        asked = _("Please give a whole number from %(least)d to %(most)d.") % {"least": 1, "most": MOST}
        wrong.append(Wrong(detail=asked, parameter=LIMIT))
    place = None if after is None else _unsealed(after, request, settings.secret)
    if after is not None and place is None:
        asked = _("This is not a place that a page of this list named.")
        wrong.append(Wrong(detail=asked, parameter=PLACE))
    request.scope["state"][WRONG_WITH_ADDRESS] = tuple(wrong)
    return Paging(limit=number, place=place, wrong=tuple(wrong), request=request, secret=settings.secret)


def _sealed(place: bytes, request: Request[Any, Any, Any], secret: str) -> str:
    return base64.urlsafe_b64encode(_seal(place, request, secret) + place).decode().rstrip("=")


def _unsealed(after: str, request: Request[Any, Any, Any], secret: str) -> list[Any] | None:
    """The place that a page of this same list named; None for whatever else."""
    try:
        raw = base64.b64decode(
            after.encode("ascii") + b"=" * (-len(after) % 4), altchars=b"-_", validate=True
        )
    except ValueError:
        return None
    seal, place = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(place, request, secret)):
        return None
    found: list[Any] = json.loads(place)
    return found


def _seal(place: bytes, request: Request[Any, Any, Any], secret: str) -> bytes:
    list_named = f"place in {request.url.path}:".encode()
    return hmac.digest(secret.encode(), list_named + place, "sha256")[:SEAL_BYTES]
