"""Every room that the API has; the one list from which its routes and its description are made."""

from litestar import Router
from litestar.datastructures import ResponseHeader
from litestar.di import Provide

from web.api import (
    activities,
    certificates,
    editions,
    entries,
    events,
    gates,
    learnings,
    measures,
    members,
    months,
    phases,
    programs,
    tracks,
)
from web.api.paging import provide_paging
from web.api.problems import UNCACHED

RESOURCES = (
    *programs.HANDLERS,
    *phases.HANDLERS,
    *members.HANDLERS,
    *months.HANDLERS,
    *gates.HANDLERS,
    *measures.HANDLERS,
    *learnings.HANDLERS,
    *entries.HANDLERS,
    *editions.HANDLERS,
    *tracks.HANDLERS,
    *certificates.HANDLERS,
    *activities.HANDLERS,
    *events.HANDLERS,
)


def api_router() -> Router:
    """The routes under /api/v1."""
    return Router(
        path="/api/v1",
        route_handlers=RESOURCES,
        dependencies={"paging": Provide(provide_paging, sync_to_thread=False)},
        response_headers=[ResponseHeader(name=name, value=value) for name, value in UNCACHED.items()],
    )
