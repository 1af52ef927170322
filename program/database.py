"""The one way to PostgreSQL: a pool, one connection for a request, and transactions that always end.

Whoever needs a connection bears a short outage: PostgreSQL that starts again is waited for, a connection that broke is
replaced. What was asked on one that broke is asked again only where it surely changed nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from uuid import UUID

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from uuid_utils.compat import uuid7

WAITS_FOR_A_CONNECTION_SECONDS = 5.0
BEARS_AN_OUTAGE_SECONDS = 3.0
BETWEEN_TRIES_SECONDS = 0.1
CONNECTS_WITHIN_SECONDS = 5.0
_NO_CONNECTION = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
_TROUBLE_WITH_A_CONNECTION = (
    OSError,
    asyncpg.InternalClientError,
    asyncpg.InterfaceError,
    asyncpg.PostgresError,
)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many seconds PostgreSQL lets one query run, wait for a lock, and a transaction do nothing."""

    query: int
    lock: int
    idle: int

    def settings(self) -> dict[str, str]:
        return {
            "statement_timeout": f"{self.query}s",
            "lock_timeout": f"{self.lock}s",
            "idle_in_transaction_session_timeout": f"{self.idle}s",
        }


def new_id() -> UUID:
    """A UUIDv7: ids made later sort later, so that rows of one time lie together."""
    return uuid7()


class _Held:
    """The connection that one request or job keeps from its first query to its end."""

    __slots__ = ("commits", "connection", "holders")

    def __init__(self) -> None:
        self.connection: Any = None
        self.holders = 1
        self.commits = False


_held: ContextVar[_Held | None] = ContextVar("held_connection", default=None)
_reading: ContextVar[bool] = ContextVar("only_reading", default=False)


class _Transaction(PostgresTransaction):
    """Piccolo's transaction leaks its connection and stays current when BEGIN or COMMIT fails; this one does not."""

    async def __aenter__(self) -> Self:
        self.connection = await DB.connection()
        try:
            await self._begin()
        except BaseException:
            await self._give_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self, exception_type: object, exception: BaseException | None, traceback: object
    ) -> bool:
        try:
            if exception is None:
                await self._commit()
            else:
                await self._roll_back(exception)
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _begin(self) -> None:
        """On another connection where this one broke: nothing was done on it yet."""
        while True:
            try:
                self.transaction = self.connection.transaction()
                await self.begin()
            except Exception as trouble:
                if not _has_lost(self.connection, trouble):
                    raise
            else:
                return
            await self._give_back()
            self.connection = await DB.connection()

    async def _commit(self) -> None:
        held = _held.get()
        if held is not None and not _broken(self.connection):
            held.commits = True
        try:
            await self.commit()
        except Exception as trouble:
            raise _lost(self.connection, trouble) from trouble

    async def _roll_back(self, trouble: BaseException) -> None:
        """A connection that broke took its transaction along."""
        if isinstance(trouble, _TROUBLE_WITH_A_CONNECTION) and _has_lost(self.connection, trouble):
            raise ConnectionBroke("the connection broke") from trouble
        if not _broken(self.connection):
            with suppress(*_TROUBLE_WITH_A_CONNECTION):
                await self.rollback()

    async def _give_back(self) -> None:
        if _held.get() is None and self.engine.pool is not None:
            await self.engine.pool.release(self.connection)


class Database(PostgresEngine):
    """Piccolo's engine, holding one connection for whatever `connection_held` surrounds."""

    _out_since: float | None = None
    _one_tries: asyncio.Lock

    async def start_connection_pool(self, **options: Any) -> None:
        self._one_tries = asyncio.Lock()
        await super().start_connection_pool(**options)

    def transaction(self, allow_nested: bool = False) -> PostgresTransaction:
        """A transaction of its own; one inside another is a mistake and raises."""
        return _Transaction(engine=self, allow_nested=allow_nested)

    async def check_version(self) -> None:
        """Piccolo would connect at import to look at the version; the pool does when it is opened."""

    async def connection(self) -> Any:
        """The held connection, or one that has to be given back."""
        return await (self.held_connection() if _held.get() else self._acquired())

    async def held_connection(self) -> Any:
        """One that broke since it was last used is replaced."""
        held = _held.get()
        if held is None:
            raise LookupError("no connection is held here")
        if held.connection is not None and _broken(held.connection):
            broken, held.connection = held.connection, None
            await self._running_pool().release(broken)
        if held.connection is None:
            held.connection = await self._acquired()
        return held.connection

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:
        return await _answer(lambda connection: connection.fetch(query, *(args or ())))

    def _running_pool(self) -> Any:
        if self.pool is None:
            raise LookupError("no pool is running: call open_pool first")
        return self.pool

    async def _acquired(self) -> Any:
        """A connection of the pool. An outage that has just begun is waited out, one that lasts is told at once."""
        loop, pool = asyncio.get_running_loop(), self._running_pool()
        until = loop.time() + WAITS_FOR_A_CONNECTION_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(until):
                    connection = await pool.acquire()
            except _NO_CONNECTION as trouble:
                now = loop.time()
                self._out_since = self._out_since or now
                if now + BETWEEN_TRIES_SECONDS >= min(until, self._out_since + BEARS_AN_OUTAGE_SECONDS):
                    raise _plain(trouble) from trouble
                async with self._one_tries:
                    await asyncio.sleep(BETWEEN_TRIES_SECONDS if self._out_since else 0)
            else:
                self._out_since = None
                return connection


DB = Database(config={})


class OutOfReach(asyncpg.ConnectionDoesNotExistError):  # type: ignore[misc]
    """No connection could be made, or the one that there was broke."""


class ConnectionBroke(OutOfReach):
    """The connection broke while it was used."""


def _plain(trouble: Exception) -> Exception:
    """A socket that is not there, or a host without a name, is a database out of reach like any other."""
    gone = isinstance(trouble, OSError) and not isinstance(trouble, TimeoutError)
    return OutOfReach(type(trouble).__name__) if gone else trouble


def _lost(connection: Any, trouble: Exception) -> Exception:
    """What broke a connection says so in several ways; here it is one."""
    return ConnectionBroke("the connection broke") if _has_lost(connection, trouble) else trouble


def _has_lost(connection: Any, trouble: Exception) -> bool:
    """Whether a connection broke. One that was told to end, and has not seen its end yet, is ended here."""
    if isinstance(trouble, asyncpg.InternalClientError) and not _broken(connection):
        connection.terminate()
    return _broken(connection)


def _broken(connection: Any) -> bool:
    """The pool's stand-in for a connection that ended does not even say that it is closed."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


async def _keep_session_state(_connection: Any) -> None:
    """No query leaves session state behind, so a returned connection needs no RESET round trip."""


async def open_pool(dsn: str, *, most: int = 10, limits: Limits | None = None, **options: Any) -> None:
    """Make the pool of this process for the database at `dsn`, which need not answer yet; closes one that is open."""
    await close_pool()
    DB.config = {"dsn": dsn}
    ours = {
        "min_size": 0,
        "max_size": most,
        "reset": _keep_session_state,
        "timeout": CONNECTS_WITHIN_SECONDS,
        "server_settings": limits.settings() if limits else None,
    }
    await DB.start_connection_pool(**ours | options)


async def close_pool() -> None:
    if DB.pool is not None:
        await DB.close_connection_pool()


@contextmanager
def only_reading() -> Iterator[None]:
    """What is asked inside changes nothing, so that it may be asked again where a connection broke meanwhile."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def perhaps_saved() -> bool:
    """Whether anything of this request may stand in the database: a commit was begun, whatever became of it."""
    held = _held.get()
    return held is not None and held.commits


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
        connection = await DB.connection()
        try:
            yield connection
        finally:
            await DB._running_pool().release(connection)  # noqa: SLF001


async def _answer(ask: Callable[[Any], Awaitable[_Answer]]) -> _Answer:
    """What the database answers; where the connection broke meanwhile and nothing is changed, asked again.

    It comes to an end: when PostgreSQL dies all connections of the pool break, each of which is found out once.
    """
    while True:
        try:
            return await _asked(ask)
        except ConnectionBroke:
            if not _reading.get() or DB.current_transaction.get() is not None:
                raise


async def _asked(ask: Callable[[Any], Awaitable[_Answer]]) -> _Answer:
    async with _connection() as connection:
        try:
            return await ask(connection)
        except _TROUBLE_WITH_A_CONNECTION as trouble:
            raise _lost(connection, trouble) from trouble.__cause__


async def fetch(sql: str, *values: Any) -> list[asyncpg.Record]:
    """All rows of a query, within the current transaction if there is one."""
    return list(await _answer(lambda connection: connection.fetch(sql, *values)))


async def fetch_row(sql: str, *values: Any) -> asyncpg.Record | None:
    """The first row of a query, or None."""
    row: asyncpg.Record | None = await _answer(lambda connection: connection.fetchrow(sql, *values))
    return row


async def fetch_value(sql: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    return await _answer(lambda connection: connection.fetchval(sql, *values))


async def execute(sql: str, *values: Any) -> int:
    """Run a write; answers how many rows it touched."""
    status: str = await _asked(lambda connection: connection.execute(sql, *values))
    count = status.rsplit(" ", 1)[-1]
    return int(count) if count.isdigit() else 0
