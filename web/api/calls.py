"""What every call of the API goes through: it speaks JSON, and there are not too many of them."""

from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar.connection import ASGIConnection
from litestar.datastructures import Accept
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.params import QueryParameter
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from program.access_tokens.actions import count_call
from program.access_tokens.rules import CALLS_COUNTED, COUNTED_FOR, Allowance, cost_of
from program.words import gettext as _
from web.api.paging import LIMIT, PLACE
from web.api.problems import Kind, Problem, Wrong
from web.visit import ASKED_SCOPE, visit_of

SPOKEN = ["application/json", "application/problem+json"]
ALLOWANCE = "allowance"
POLICY = f'"calls";q={CALLS_COUNTED};w={int(COUNTED_FOR.total_seconds())}'


class Calls(ASGIMiddleware):
    """Counts each call with a valid token against its allowance, and says in every answer how much of that is left.

    Calls without one cost nothing but a look at their form, or for one row: nobody guesses 256 random bits.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if ASKED_SCOPE not in scope["route_handler"].opt:
            await next_app(scope, receive, send)
            return
        connection = ASGIConnection[Any, Any, Any, Any](scope)
        _check_language(connection)
        _check_address(connection, _parameters_of(scope["route_handler"]))
        visit = visit_of(connection)
        if visit.person is None:
            await next_app(scope, receive, send)
            return
        left = await count_call(
            visit.person.session, cost=cost_of(str(scope.get("method"))), at=visit.machine_now
        )
        scope["state"][ALLOWANCE] = left
        if left.exceeded:
            raise Problem(Kind.TOO_MANY_CALLS, headers={"Retry-After": str(left.anew_in_seconds)})
        await next_app(scope, receive, send)


async def tell_allowance(message: Message, scope: Scope) -> None:
    """On every answer to a call that was counted, also to one that was refused."""
    left = scope["state"].get(ALLOWANCE)
    if message["type"] == "http.response.start" and isinstance(left, Allowance):
        told = f'"calls";r={left.left};t={left.anew_in_seconds}'
        message["headers"] = [
            *message["headers"],
            (b"ratelimit-policy", POLICY.encode()),
            (b"ratelimit", told.encode()),
        ]


def _check_language(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    asked = connection.headers.get("accept", "")
    if asked and not Accept(asked).best_match(SPOKEN):
        raise Problem(Kind.NOT_ACCEPTABLE)


def _check_address(connection: ASGIConnection[Any, Any, Any, Any], known: frozenset[str]) -> None:
    """Refuses what no text holds, and every parameter that nobody would look at: it may be a mistyped one."""
    try:
        address = unquote_to_bytes(connection.scope["query_string"]).decode()
    except UnicodeDecodeError as unreadable:
        raise Problem(Kind.MALFORMED) from unreadable
    if "\x00" in address or "\x00" in connection.scope["path"]:
        raise Problem(Kind.MALFORMED)
    unknown = [name for name in connection.query_params if name not in known]
    if unknown:
        told = _("There is no such parameter here.")
        raise Problem(Kind.INVALID, errors=[Wrong(detail=told, parameter=name) for name in unknown])


@lru_cache(maxsize=256)
def _parameters_of(handler: BaseRouteHandler) -> frozenset[str]:
    fields = handler.parsed_fn_signature.parameters
    own = {
        field.kwarg_definition.query or name
        for name, field in fields.items()
        if isinstance(field.kwarg_definition, QueryParameter)
    }
    return frozenset(own | {LIMIT, PLACE} if "paging" in fields else own)
