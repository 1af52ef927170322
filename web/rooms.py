"""Every room that answers HTTP. The one list from which the route table is made."""

from litestar.datastructures import CacheControlHeader
from litestar.types import ControllerRouterHandler

from web import clock, events, health, programs, sign_in
from web.visit import ANYONE, may

STATIC = may(ANYONE)
STATIC_CACHE = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)

HANDLERS: tuple[ControllerRouterHandler, ...] = (
    *health.HANDLERS,
    *clock.HANDLERS,
    *sign_in.HANDLERS,
    *programs.HANDLERS,
    *events.HANDLERS,
)
