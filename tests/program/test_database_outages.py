"""What becomes of requests while connections break, PostgreSQL goes away and comes back, or all connections are taken."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from program.database import (
    DB,
    ConnectionBroke,
    Limits,
    OutOfReach,
    close_pool,
    connection_held,
    execute,
    fetch_value,
    only_reading,
    open_pool,
    perhaps_saved,
    transaction,
)
from program.people.tables import Person
from tests.cast import a_person
from workers.command.embedded import EmbeddedPostgres

PID = "SELECT pg_backend_pid()"
WAITS_FOR_A_LOCK = "SELECT 'answered' FROM (SELECT pg_advisory_xact_lock(7)) AS locked"
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'"


@asynccontextmanager
async def somebody_else(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def end(pid: int, by: asyncpg.Connection) -> None:
    """End a backend, and return when its client has seen it go."""
    assert await by.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
    async with asyncio.timeout(10):
        while pid in open_backends():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.01)


def open_backends() -> set[int]:
    pool: Any = DB.pool
    connections = [holder._con for holder in pool._holders if holder._con is not None]
    return {each.get_server_pid() for each in connections if not each.is_closed()}


async def end_whoever_waits(by: asyncpg.Connection) -> None:
    async with asyncio.timeout(10):
        while (pid := await by.fetchval(WAITING)) is None:  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.01)
    await by.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    await by.execute("SELECT pg_advisory_unlock(7)")


def connections_out() -> int:
    pool: Any = DB.pool
    return int(pool.get_size() - pool.get_idle_size())


async def test_a_connection_that_broke_while_it_was_idle_is_replaced_at_the_first_use(database: str) -> None:
    async with somebody_else(database) as killer:
        await end(await fetch_value(PID), killer)
        assert await fetch_value("SELECT 1") == 1
        await end(await fetch_value(PID), killer)
        async with transaction():
            await a_person()
        assert await Person.count() == 1
    assert connections_out() == 0


async def test_a_request_whose_connection_broke_between_two_queries_goes_on_with_another(
    database: str,
) -> None:
    async with somebody_else(database) as killer, connection_held():
        first = await fetch_value(PID)
        await end(first, killer)
        second = await fetch_value(PID)
        await end(second, killer)
        async with transaction():
            third = await fetch_value(PID)
        assert len({first, second, third}) == 3
    assert connections_out() == 0


@pytest.mark.parametrize("held", [True, False])
async def test_what_only_reads_is_asked_again_where_its_connection_breaks_meanwhile(
    database: str, held: bool
) -> None:
    async def ask() -> Any:
        with only_reading():
            if not held:
                return await fetch_value(WAITS_FOR_A_LOCK)
            async with connection_held():
                return await fetch_value(WAITS_FOR_A_LOCK)

    async with somebody_else(database) as killer:
        await killer.execute("SELECT pg_advisory_lock(7)")
        answer, _ = await asyncio.gather(ask(), end_whoever_waits(killer))
    assert answer == "answered"
    assert connections_out() == 0


@pytest.mark.parametrize("reads", [True, False], ids=["in a transaction", "where more than reading goes on"])
async def test_what_may_have_changed_something_is_not_asked_again(database: str, reads: bool) -> None:
    async def ask() -> Any:
        with only_reading() if reads else nullcontext():
            async with transaction() if reads else connection_held():
                return await fetch_value(WAITS_FOR_A_LOCK)

    async with somebody_else(database) as killer:
        await killer.execute("SELECT pg_advisory_lock(7)")
        ending = asyncio.create_task(end_whoever_waits(killer))
        with pytest.raises(OutOfReach):
            await ask()
        await ending
    assert connections_out() == 0
    assert DB.current_transaction.get() is None


async def test_a_transaction_whose_connection_breaks_is_over_and_says_so(database: str) -> None:
    async def lose(at_the_end: bool) -> None:
        async with transaction():
            await a_person()
            await end(await fetch_value(PID), killer)
            if not at_the_end:
                await fetch_value("SELECT 1")

    async with somebody_else(database) as killer:
        for at_the_end in (True, False):
            with pytest.raises(OutOfReach):
                await lose(at_the_end)
    assert await fetch_value("SELECT count(*) FROM person") == 0
    assert connections_out() == 0


async def test_what_a_request_did_is_perhaps_saved_from_its_first_commit_on(database: str) -> None:
    async def lose() -> None:
        async with transaction():
            await a_person()
            await end(await fetch_value(PID), killer)

    assert not perhaps_saved()
    async with somebody_else(database) as killer, connection_held():
        assert not perhaps_saved()
        with pytest.raises(OutOfReach):
            await lose()
        assert not perhaps_saved()
        async with transaction():
            await a_person()
        assert perhaps_saved()


async def test_queries_locks_and_transactions_that_do_nothing_are_limited(database: str) -> None:
    await open_pool(database, limits=Limits(query=30, lock=20, idle=60))
    told = [
        await fetch_value(f"SHOW {name}")
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    ]
    assert told == ["30s", "20s", "1min"]


async def test_who_finds_every_connection_taken_waits_and_is_then_told(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_pool(database, most=1)
    async with transaction():
        pass
    monkeypatch.setattr("program.database.WAITS_FOR_A_CONNECTION_SECONDS", 0.2)
    taken, enough = asyncio.Event(), asyncio.Event()

    async def take() -> None:
        async with transaction():
            taken.set()
            await enough.wait()

    taker = asyncio.create_task(take())
    await taken.wait()
    with pytest.raises(TimeoutError):
        await fetch_value("SELECT 1")
    enough.set()
    assert await fetch_value("SELECT 1") == 1
    await taker


def kill(server: EmbeddedPostgres) -> None:
    """It is gone; its sockets lie where they lay when it is started again."""
    assert server._process is not None
    server._process.kill()
    server._process.wait()


async def until_none_can_be_made() -> None:
    """Connections of the pool that broke are found out one by one, before a new one is tried."""
    while True:
        try:
            await execute("SELECT 1")
        except ConnectionBroke:
            continue
        except OutOfReach:
            return


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path, for_tests=True) as server:
        yield server


async def test_an_outage_that_has_just_begun_is_waited_out_and_one_that_lasts_is_told_at_once(
    own_server: EmbeddedPostgres,
) -> None:
    async def look() -> Any:
        with only_reading():
            return await fetch_value("SELECT 1")

    loop = asyncio.get_running_loop()
    await open_pool(own_server.url("postgres"))
    try:
        assert await fetch_value("SELECT 1") == 1
        kill(own_server)
        asked = [asyncio.create_task(look()) for _ in range(3)]
        await asyncio.to_thread(own_server.start)
        assert await asyncio.gather(*asked) == [1, 1, 1]
        kill(own_server)
        await until_none_can_be_made()
        begun = loop.time()
        with pytest.raises(OutOfReach):
            await execute("SELECT 1")
        assert loop.time() - begun < 1
        await asyncio.to_thread(own_server.start)
        assert await fetch_value("SELECT 1") == 1
    finally:
        await close_pool()


async def test_a_pool_is_opened_before_its_database_answers(own_server: EmbeddedPostgres) -> None:
    url = own_server.url("postgres")
    kill(own_server)
    await open_pool(url)
    try:
        await asyncio.to_thread(own_server.start)
        assert await fetch_value("SELECT 1") == 1
    finally:
        await close_pool()


async def test_whatever_is_done_on_a_connection_says_alike_that_it_broke(database: str) -> None:
    async def copy() -> None:
        async with transaction() as connection:
            await end(await fetch_value(PID), killer)
            await connection.copy_records_to_table("person", records=[])

    async with somebody_else(database) as killer:
        with pytest.raises(OutOfReach):
            await copy()
    assert connections_out() == 0


async def test_a_mistake_on_a_sound_connection_stays_what_it_is(database: str) -> None:
    async def fail() -> None:
        async with transaction():
            await execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fail()
    assert await fetch_value("SELECT 1") == 1
