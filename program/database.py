"""The one way to PostgreSQL: a pool, one connection for a request, and transactions that always end."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7: ids made later sort later, so that rows of one time lie together."""
    return uuid7()


class _Held:
    """The connection that one request or job keeps from its first query to its end."""

    __slots__ = ("connection", "holders")

    def __init__(self) -> None:
        self.connection: Any = None
        self.holders = 1


_held: ContextVar[_Held | None] = ContextVar("held_connection", default=None)


class _Transaction(PostgresTransaction):
    """Piccolo's transaction leaks its connection and stays current when COMMIT fails; this one does not."""

    async def get_connection(self) -> Any:
        return await DB.held_connection() if _held.get() else await super().get_connection()

    async def __aexit__(self, exception_type: object, exception: object, traceback: object) -> bool:
        try:
            if exception_type is None:
                await self.commit()
            else:
                await self.rollback()
        finally:
            self.engine.current_transaction.reset(self.context)
            if _held.get() is None and self.engine.pool is not None:
                await self.engine.pool.release(self.connection)
        return False


class Database(PostgresEngine):
    """Piccolo's engine, holding one connection for whatever `connection_held` surrounds."""

    def transaction(self, allow_nested: bool = False) -> PostgresTransaction:
        """A transaction of its own; one inside another is a mistake and raises."""
        return _Transaction(engine=self, allow_nested=allow_nested)

    async def check_version(self) -> None:
        """Piccolo would connect at import to look at the version; the pool does when it is opened."""

    async def held_connection(self) -> Any:
        held = _held.get()
        if held is None:
            raise LookupError("no connection is held here")
        if held.connection is None:
            held.connection = await self._running_pool().acquire()
        return held.connection

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:
        if _held.get() is None:
            return await super()._run_in_pool(query, args)
        return await (await self.held_connection()).fetch(query, *(args or ()))

    def _running_pool(self) -> Any:
        if self.pool is None:
            raise LookupError("no pool is running: call open_pool first")
        return self.pool


DB = Database(config={})


async def _keep_session_state(_connection: Any) -> None:
    """No query leaves session state behind, so a returned connection needs no RESET round trip."""


async def open_pool(dsn: str, *, most: int = 10, **options: Any) -> None:
    """Make the pool of this process for the database at `dsn`; closes one that is open."""
    await close_pool()
    DB.config = {"dsn": dsn}
    await DB.start_connection_pool(min_size=1, max_size=most, reset=_keep_session_state, **options)


async def close_pool() -> None:
    if DB.pool is not None:
        await DB.close_connection_pool()


@asynccontextmanager
async def connection_held() -> AsyncIterator[None]:
    """Everything inside runs on one connection, taken at the first query and given back at the end."""
    around = _held.get()
    if around is not None:
        around.holders += 1
        try:
            yield
        finally:
            around.holders -= 1
        return
    held = _Held()
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        if held.connection is not None:
            await DB._running_pool().release(held.connection)  # noqa: SLF001


async def let_go() -> None:
    """Give the held connection back until the next query: what follows may take long, as an upload does.

    One that something further out holds too stays.
    """
    held = _held.get()
    if held is not None and held.holders == 1 and held.connection is not None:
        connection, held.connection = held.connection, None
        await DB._running_pool().release(connection)  # noqa: SLF001


@asynccontextmanager
async def transaction() -> AsyncIterator[Any]:
    """One transaction; yields its asyncpg connection. Commits at the end, rolls back on any exception."""
    async with DB.transaction() as opened:
        yield opened.connection


@asynccontextmanager
async def _connection() -> AsyncIterator[Any]:
    current = DB.current_transaction.get()
    if current is not None:
        yield current.connection
    elif _held.get() is not None:
        yield await DB.held_connection()
    else:
        async with DB._running_pool().acquire() as connection:  # noqa: SLF001
            yield connection


async def fetch(sql: str, *values: Any) -> list[asyncpg.Record]:
    """All rows of a query, within the current transaction if there is one."""
    async with _connection() as connection:
        return list(await connection.fetch(sql, *values))


async def fetch_row(sql: str, *values: Any) -> asyncpg.Record | None:
    """The first row of a query, or None."""
    async with _connection() as connection:
        row: asyncpg.Record | None = await connection.fetchrow(sql, *values)
        return row


async def fetch_value(sql: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    async with _connection() as connection:
        return await connection.fetchval(sql, *values)


async def execute(sql: str, *values: Any) -> int:
    """Run a write; answers how many rows it touched."""
    async with _connection() as connection:
        status: str = await connection.execute(sql, *values)
    count = status.rsplit(" ", 1)[-1]
    return int(count) if count.isdigit() else 0
