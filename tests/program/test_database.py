"""One pool, one connection for a request, and transactions that end whatever happens."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from piccolo.engine.exceptions import TransactionError

from program.database import (
    DB,
    OutOfReach,
    close_pool,
    connection_held,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    let_go,
    new_id,
    open_pool,
    transaction,
)
from program.people.tables import Person
from tests.cast import NOON, a_person

DEFERRED = "CREATE TABLE IF NOT EXISTS leaf (id int PRIMARY KEY, of int, FOREIGN KEY (of) REFERENCES leaf (id) DEFERRABLE INITIALLY DEFERRED)"


def connections_out() -> int:
    """How many connections of the pool are in somebody's hands."""
    pool: Any = DB.pool
    return int(pool.get_size() - pool.get_idle_size())


async def backend() -> int:
    return int(await fetch_value("SELECT pg_backend_pid()"))


async def insert_orphan() -> None:
    async with transaction():
        await execute("INSERT INTO leaf VALUES (1, 99)")


async def test_a_transaction_commits_what_was_done_in_it(database: str) -> None:
    async with transaction():
        person = await a_person()
    assert await fetch_value("SELECT id FROM person") == person
    assert connections_out() == 0


async def test_a_transaction_that_raises_leaves_nothing_behind(database: str) -> None:
    async def fail() -> None:
        async with transaction():
            await a_person()
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await fetch_value("SELECT count(*) FROM person") == 0
    assert connections_out() == 0


async def test_a_commit_that_fails_leaks_neither_connection_nor_context(database: str) -> None:
    await execute(DEFERRED)
    for _ in range(12):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await insert_orphan()
    assert connections_out() == 0
    assert DB.current_transaction.get() is None
    async with transaction():
        await execute("INSERT INTO leaf VALUES (1, NULL)")
    assert await fetch_value("SELECT count(*) FROM leaf") == 1


async def test_a_commit_that_fails_while_a_connection_is_held_leaves_it_usable(database: str) -> None:
    await execute(DEFERRED)
    async with connection_held():
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await insert_orphan()
        assert await fetch_value("SELECT count(*) FROM leaf") == 0
        async with transaction():
            await execute("INSERT INTO leaf VALUES (1, NULL)")
    assert await fetch_value("SELECT count(*) FROM leaf") == 1
    assert connections_out() == 0


async def test_a_transaction_within_a_transaction_is_a_mistake_and_raises(database: str) -> None:
    async def nest() -> None:
        async with transaction(), transaction():
            pass

    with pytest.raises(TransactionError):
        await nest()
    assert DB.current_transaction.get() is None
    assert connections_out() == 0


async def test_everything_in_a_request_runs_on_one_connection(database: str) -> None:
    async with connection_held():
        assert connections_out() == 0
        first = await backend()
        assert connections_out() == 1
        async with transaction():
            within = await backend()
            assert await Person.count() == 0
        async with connection_held():
            inner = await backend()
        await Person.select().first()
        assert {first, within, inner, await backend()} == {first}
        assert connections_out() == 1
    assert connections_out() == 0


async def test_a_request_that_waits_for_long_lets_its_connection_go_until_it_needs_one_again(
    database: str,
) -> None:
    await let_go()
    async with connection_held():
        await let_go()
        await backend()
        await let_go()
        assert connections_out() == 0
        assert await backend() == await backend()
        assert connections_out() == 1
        async with connection_held():
            await let_go()
            assert connections_out() == 1
    assert connections_out() == 0


async def test_a_request_that_fails_gives_its_connection_back(database: str) -> None:
    async def fail() -> None:
        async with connection_held():
            await backend()
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert connections_out() == 0


async def test_requests_at_the_same_time_have_connections_of_their_own(database: str) -> None:
    both = asyncio.Barrier(2)

    async def request() -> int:
        async with connection_held():
            own = await backend()
            await both.wait()
            return own

    assert len(set(await asyncio.gather(request(), request()))) == 2


async def test_piccolo_writes_within_the_same_transaction(database: str) -> None:
    async def fail() -> None:
        async with transaction():
            await Person(id=new_id(), email="ada@example.com", name="Ada", made_at=NOON).save()
            assert await fetch_value("SELECT count(*) FROM person") == 1
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await Person.count() == 0


async def test_outside_of_requests_and_transactions_each_query_takes_a_connection_and_gives_it_back(
    database: str,
) -> None:
    person = await a_person()
    row = await fetch_row("SELECT id FROM person")
    assert row is not None
    assert row["id"] == person
    assert await fetch_row("SELECT id FROM person WHERE false") is None
    assert [found["id"] for found in await fetch("SELECT id FROM person")] == [person]
    assert connections_out() == 0


async def test_a_write_says_how_many_rows_it_touched(database: str) -> None:
    await a_person()
    await a_person("Bob Stone")
    assert await execute("UPDATE person SET theme = 'dark'") == 2
    assert await execute("DELETE FROM person WHERE false") == 0
    assert await execute("CREATE TABLE nothing ()") == 0


@pytest.mark.parametrize("use", [backend, DB.held_connection])
async def test_without_a_pool_nothing_runs(use: Callable[[], Any]) -> None:
    with pytest.raises(LookupError):
        await use()


async def test_opening_a_pool_closes_the_one_before_and_closing_twice_does_no_harm(database: str) -> None:
    before = DB.pool
    await open_pool(database, most=2)
    assert DB.pool is not before
    assert await fetch_value("SELECT 1") == 1
    await close_pool()
    await close_pool()
    assert DB.pool is None


async def test_a_transaction_ends_even_when_its_pool_was_closed_under_it(database: str) -> None:
    async def outlive_the_pool() -> None:
        async with transaction():
            DB.pool.terminate()  # type: ignore[union-attr]
            DB.pool = None

    pool = DB.pool
    try:
        with pytest.raises(OutOfReach):
            await outlive_the_pool()
    finally:
        DB.pool = pool
    assert DB.current_transaction.get() is None


def test_ids_made_later_sort_later() -> None:
    made = [new_id() for _ in range(1_000)]
    assert made == sorted(made)
    assert len(set(made)) == 1_000
    assert all(isinstance(one, UUID) and one.version == 7 for one in made)
