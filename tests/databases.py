"""Databases of tests: made as copies of others, filled once, and left as they were found."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg

from program.database import DB, close_pool, connection_held, open_pool
from tests.world import World, make_world

SECRET = "a secret that only the tests know, and long enough"
_Made = TypeVar("_Made")


def made_database(maintenance: str, name: str, *, like: str) -> None:
    """A database of that name, a copy of another, in place of any that was there."""

    async def make() -> None:
        connection = await asyncpg.connect(maintenance)
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        await connection.close()

    asyncio.run(make())


def made_in(url: str, make: Callable[[], Awaitable[_Made]]) -> _Made:
    """What was made in the database at this address."""

    async def made() -> _Made:
        await open_pool(url)
        try:
            return await make()
        finally:
            await close_pool()

    return asyncio.run(made())


def inhabited(url: str) -> World:
    """The world of the tests, made in the database at this address."""
    return made_in(url, lambda: make_world(SECRET))


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Everything inside is on one connection, and what it does is rolled back."""
    async with connection_held():
        everything = (await DB.held_connection()).transaction()
        await everything.start()
        try:
            yield
        finally:
            await everything.rollback()
