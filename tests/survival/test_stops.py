"""A stop of the real product: what is being done is finished, and what has no end is not waited for."""

import asyncio
import socket
import time
from pathlib import Path

import asyncpg
import httpx
import psutil

from tests.survival.product import Product, a_product
from tests.survival.slow_web import A_LOCK
from web.serving import REQUESTS_END_WITHIN_SECONDS

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
POLL_SECONDS = 0.05


async def test_a_stop_waits_for_requests_and_letters_and_not_for_streams_and_idle_connections(
    tmp_path: Path,
) -> None:
    async with (
        a_product(tmp_path, web="tests.survival.slow_web:create") as product,
        httpx.AsyncClient(base_url=product.address, timeout=60) as client,
    ):
        holder = await asyncpg.connect(product.database_url)
        await holder.execute("SELECT pg_advisory_lock($1)", A_LOCK)
        await a_letter_in_the_mail_servers_hands(product, client)
        idle, half = an_idle_connection(product), half_a_request(product)
        async with client.stream("GET", "/stream") as stream:
            assert await anext(stream.aiter_bytes())
            slow = asyncio.create_task(client.get("/slow"))
            await until_it_waits(holder)
            tree, asked_at = product.supervisor.children(recursive=True), time.monotonic()
            product.supervisor.terminate()
            await until_nobody_is_let_in(product)
            await holder.execute("SELECT pg_advisory_unlock($1)", A_LOCK)
            assert (await slow).text == "answered"
            product.letterbox.may_answer.set()
            await holder.close()
            assert await product.stop() == 0
        assert time.monotonic() - asked_at < REQUESTS_END_WITHIN_SECONDS
        idle.close()
        half.close()
    assert len(product.letterbox.taken) == 1
    assert psutil.wait_procs(tree, timeout=1)[1] == []


async def a_letter_in_the_mail_servers_hands(product: Product, client: httpx.AsyncClient) -> None:
    """It has the letter, and has not said yes."""
    product.letterbox.may_answer.clear()
    connection = await asyncpg.connect(product.database_url)
    await connection.execute("UPDATE person SET email = 'olga@example.com'")
    await connection.close()
    await client.get("/sign-in")
    told = {"email": "olga@example.com", "_csrf_token": client.cookies["pilotage_csrf"]}
    await client.post("/sign-in/links", data=told)
    await product.letterbox.next_letter()


def an_idle_connection(product: Product) -> socket.socket:
    """One that is kept alive after its answer, as browsers do."""
    connection = socket.create_connection(("127.0.0.1", product.port))
    connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"200 OK" in connection.recv(4_096)
    return connection


def half_a_request(product: Product) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", product.port))
    connection.sendall(b"GET /health/live HTTP/1.1\r\nHost:")
    return connection


async def until_it_waits(holder: asyncpg.Connection) -> None:
    async with asyncio.timeout(30):
        while not await holder.fetchval(WAITS):  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(POLL_SECONDS)


async def until_nobody_is_let_in(product: Product) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                socket.create_connection(("127.0.0.1", product.port)).close()
            except ConnectionRefusedError:
                return
            await asyncio.sleep(POLL_SECONDS)
