"""The real application with two rooms more: one whose answer takes as long as somebody else likes, one whose has no end."""

import asyncio
import os
from collections.abc import AsyncIterator

from litestar import Litestar, get
from litestar.response import Stream

from program.database import fetch_value
from program.settings import complete, settings_from
from web import rooms
from web.app import application
from web.visit import ANYONE, may

A_LOCK = 7


@get("/slow", opt=may(ANYONE))
async def slow() -> str:
    """Waits for whoever holds the lock."""
    await fetch_value(f"SELECT pg_advisory_xact_lock({A_LOCK})::text")
    return "answered"


@get("/stream", opt=may(ANYONE))
async def stream() -> Stream:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"more\n"
            await asyncio.sleep(0.1)

    return Stream(pieces())


def create() -> Litestar:
    settings = complete(settings_from(os.environ))
    return application(settings, handlers=(*rooms.HANDLERS, slow, stream))
