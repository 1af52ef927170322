"""Is this process alive, and can it do its work?"""

import asyncio
from dataclasses import dataclass

import asyncpg
from litestar import Response, get
from litestar.enums import MediaType
from litestar.status_codes import HTTP_503_SERVICE_UNAVAILABLE

from program.database import connection_held
from program.installation.queries import clock
from web.visit import ANYONE, WITHOUT_VISIT, may

SECONDS_FOR_THE_DATABASE = 2.0
_UNCACHED = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Readiness:
    """`database` is “ok”, or what kind of trouble there is with it. Redis is not asked: no page needs it."""

    ready: bool
    database: str


@get("/health/live", opt={**may(ANYONE), WITHOUT_VISIT: True}, media_type=MediaType.TEXT)
async def live() -> Response[str]:
    """Answers as long as the process serves requests, whatever became of its database."""
    return Response("alive", headers=_UNCACHED)


@get("/health/ready", opt={**may(ANYONE), WITHOUT_VISIT: True})
async def ready() -> Response[Readiness]:
    """Whether requests should be sent here: the database answers, in time, and was migrated."""
    trouble = await _trouble_with_database()
    told = Readiness(ready=trouble is None, database=trouble or "ok")
    status = 200 if told.ready else HTTP_503_SERVICE_UNAVAILABLE
    return Response(told, status_code=status, headers=_UNCACHED)


async def _trouble_with_database() -> str | None:
    try:
        async with asyncio.timeout(SECONDS_FOR_THE_DATABASE), connection_held():
            await clock()
    except (OSError, TimeoutError, LookupError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
        return type(trouble).__name__
    return None


HANDLERS = (live, ready)
