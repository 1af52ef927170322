"""The application as it is seen from outside: each request has an id, is counted, and is told in one line of the log."""

import re
from time import perf_counter
from typing import cast
from uuid import uuid4

from litestar.enums import ScopeType
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import HTTPScope, Message, Receive, Scope, Send
from litestar.types.asgi_types import LifeSpanReceive, LifeSpanScope, LifeSpanSend

from program.logs import log_of, request_id
from web.heads import AnswersHead
from web.metrics import RUNNING, request_ended

REQUEST_ID = b"x-request-id"
NO_ROUTE = "no route"
_AN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_log = log_of(__name__)


class Observed(AnswersHead):
    """Takes the id that a proxy gave the request, if it looks like one, and answers with it.

    The line names the route, never the address: that may hold a sign-in link. Nor does it say who came, or from where.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        """Litestar would load Pydantic, which Piccolo brings along: a fifth of a second and 12 MB for what nothing here uses."""
        return [*plugins, MsgspecDIPlugin()]

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        if scope["type"] != ScopeType.HTTP:
            await super().__call__(scope, receive, send)
        else:
            await self._observe(cast("HTTPScope", scope), cast("Receive", receive), cast("Send", send))

    async def _observe(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        begun, status, id = perf_counter(), 0, _id_of(scope)

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID, id)]
            await send(message)

        request_id.set(id.decode())
        RUNNING.inc()
        try:
            await super().__call__(scope, receive, told)
        finally:
            RUNNING.dec()
            method, route, seconds = scope["method"], route_of(scope), perf_counter() - begun
            request_ended(method, route, status, seconds)
            _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def route_of(scope: Scope) -> str:
    """The route that a request found, with its parameters by name."""
    return str(scope.get("path_template") or NO_ROUTE)


def _id_of(scope: HTTPScope) -> bytes:
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
    return given if _AN_ID.fullmatch(given) else uuid4().hex.encode()
