"""The real product on servers that go away, are full or have no connection left, and come back: nobody restarts anything."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
import redis.asyncio

from tests.cast import _Forms, words_of
from tests.survival.disks import Disk, a_small_disk, may_mount
from tests.survival.load import Journal, Member
from tests.survival.product import Product
from tests.survival.scene import Scene, make_scene, within
from tests.workers.mail import a_mail_server
from workers.command.children import Child
from workers.command.embedded import EmbeddedPostgres, EmbeddedServer, EmbeddedValkey
from workers.command.supervisor import _server_part

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEALS_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.1
HEAVY_FILE = b"published_at,network,kind,link,text\n" + b"x" * 900_000
BY_TRIGGER = (
    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
    "CREATE TRIGGER full_disk BEFORE INSERT ON activity_import_piece EXECUTE FUNCTION full_disk()"
)


class Server:
    """A server that the product is given, kept running by the test until it is to be gone."""

    def __init__(self, server: EmbeddedServer) -> None:
        self.server = server
        self._child: Child | None = None

    async def comes(self) -> None:
        self._child = Child(_server_part(self.server))
        await self._child.start()

    async def goes(self) -> None:
        if self._child:
            await self._child.stop()
        self._child = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    product: Product
    scene: Scene
    member: Member
    postgres: Server
    valkey: Server
    database_url: str
    redis_url: str
    disk: Disk

    @property
    def home(self) -> str:
        return self.scene.home

    async def get(self, path: str) -> httpx.Response:
        return await self.member.client.get(path)

    async def post(self, path: str, values: dict[str, Any], files: Any = None) -> httpx.Response:
        token = self.member.client.cookies["pilotage_csrf"]
        sent = {"form_key": str(uuid4()), "_csrf_token": token, **values}
        return await self.member.client.post(path, data=sent, files=files)

    async def until_healed(self) -> None:
        async with asyncio.timeout(HEALS_WITHIN_SECONDS):
            while (await self.get("/health/ready")).status_code != 200:  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(POLL_SECONDS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def around(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Surroundings]:
    folder = tmp_path_factory.mktemp("outages")
    with a_small_disk(folder / "theirs") as disk, a_mail_server() as (letterbox, smtp_url):
        postgres, valkey = EmbeddedPostgres(disk.folder), EmbeddedValkey(disk.folder)
        servers = Server(postgres), Server(valkey)
        for server in servers:
            await server.comes()
        product = Product(folder / "home", letterbox, postgres)
        try:
            await product.start(SMTP_URL=smtp_url, REDIS_URL=valkey.url())
            scene = await within(postgres.url(), make_scene)
            member = Member(product.address, scene.members[0], scene, Journal(), random.Random(1))
            await member.sign_in()
            yield Surroundings(
                product=product,
                scene=scene,
                member=member,
                postgres=servers[0],
                valkey=servers[1],
                database_url=postgres.url(),
                redis_url=valkey.url(),
                disk=disk,
            )
            await member.client.aclose()
        finally:
            await product.stop()
            for server in reversed(servers):
                await server.goes()


@pytest.fixture(autouse=True)
def nothing_was_restarted(around: Surroundings) -> Any:
    before = [process.pid for name in ("web", "worker") for process in around.product.parts(name)]
    yield
    assert [process.pid for name in ("web", "worker") for process in around.product.parts(name)] == before


def a_learning(lesson: str) -> dict[str, str]:
    return {"kind": "do", "lesson": lesson, "situation": "It was late, & somebody “shouted”.", "then": "send"}


def carried(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """The form on a page that carries words along: where it goes, and what stands in it."""
    found = _Forms()
    found.feed(answer.text)
    (form,) = found.forms
    return form["action"], form["values"]


async def count(url: str, sql: str, *values: Any) -> int:
    connection = await until_connected(url)
    try:
        return int(await connection.fetchval(sql, *values))
    finally:
        await connection.close()


WAITING_FOR_A_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
LEARNINGS = "SELECT count(*) FROM learning WHERE lesson = $1"


async def test_without_redis_every_page_and_form_works_and_the_worker_finds_it_when_it_is_back(
    around: Surroundings,
) -> None:
    await around.valkey.goes()
    for room in ("", "/activities", "/learnings", "/playbook", "/training", "/accounts"):
        assert (await around.get(around.home + room)).status_code == 200
    sent = await around.post(f"{around.home}/learnings", a_learning("Without Redis."))
    assert sent.status_code == 303
    letterbox = around.product.letterbox
    await around.post("/sign-in/links", {"email": around.scene.lead})
    while (await letterbox.next_letter())["Subject"] != "Your sign-in link":
        pass
    await around.valkey.comes()
    async with redis.asyncio.Redis.from_url(around.redis_url) as jobs, asyncio.timeout(HEALS_WITHIN_SECONDS):
        while not await jobs.keys("arq:*"):  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(POLL_SECONDS)


async def test_while_the_database_is_gone_pages_say_so_and_what_was_typed_is_carried_along(
    around: Surroundings,
) -> None:
    await around.postgres.goes()
    page = await around.get(f"{around.home}/activities")
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "cannot reach its database just now" in words_of(page.text)
    assert f'href="{around.home}/activities"' in page.text
    lost = await around.post(f"{around.home}/learnings", a_learning("Kept on the page."))
    assert lost.status_code == 503
    assert "What you sent was not kept" in words_of(lost.text)
    assert "default-src 'none'" in lost.headers["content-security-policy"]
    signing_in = await around.post("/sign-in", {"email": around.scene.lead, "password": "a secret of mine"})
    assert signing_in.status_code == 503
    assert "a secret of mine" not in signing_in.text
    live, ready = await around.get("/health/live"), await around.get("/health/ready")
    assert (live.status_code, ready.status_code) == (200, 503)
    await around.postgres.comes()
    await around.until_healed()
    action, values = carried(lost)
    for _ in range(2):
        again = await around.member.client.post(action, data=values)
        assert again.status_code == 303
    assert await count(around.database_url, LEARNINGS, "Kept on the page.") == 1


async def test_whoever_takes_all_connections_of_the_server_keeps_nobody_out_for_longer(
    around: Surroundings,
) -> None:
    taken: list[asyncpg.Connection] = []
    await around.postgres.goes()
    await around.postgres.comes()
    try:
        with pytest.raises(asyncpg.TooManyConnectionsError):
            await take_all(around.database_url, taken)
        page = await around.get(f"{around.home}/learnings")
    finally:
        await asyncio.gather(*(connection.close() for connection in taken))
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "More is being done at once" in words_of(page.text)
    await around.until_healed()
    assert (await around.get(f"{around.home}/learnings")).status_code == 200


async def until_connected(url: str) -> asyncpg.Connection:
    """PostgreSQL refuses everybody while it starts."""
    async with asyncio.timeout(HEALS_WITHIN_SECONDS):
        while True:
            with suppress(OSError, asyncpg.CannotConnectNowError):
                return await asyncpg.connect(url)
            await asyncio.sleep(POLL_SECONDS)


async def take_all(url: str, taken: list[asyncpg.Connection]) -> None:
    while True:
        taken.append(await asyncpg.connect(url))


async def test_requests_that_wait_for_each_other_do_not_keep_the_others_waiting_for_ever(
    around: Surroundings,
) -> None:
    """Ten wait for a row that somebody holds; they have all connections of the web process."""
    talk = {
        "kind": "talk",
        "network": "in_person",
        "done_on": around.scene.started.date().isoformat(),
        "text": "A slow talk.",
    }
    holder = await asyncpg.connect(around.database_url)
    held = holder.transaction()
    await held.start()
    await holder.execute("SELECT FROM cohort FOR UPDATE")
    slow = [asyncio.create_task(around.post(f"{around.home}/activities", talk)) for _ in range(10)]
    async with asyncio.timeout(HEALS_WITHIN_SECONDS):
        while await count(around.database_url, WAITING_FOR_A_LOCK) < len(slow):  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(POLL_SECONDS)
    page = await around.get(f"{around.home}/learnings")
    await held.rollback()
    await holder.close()
    assert page.status_code == 503
    assert "More is being done at once" in words_of(page.text)
    assert {answer.status_code for answer in await asyncio.gather(*slow)} == {303}
    assert (await around.get(f"{around.home}/learnings")).status_code == 200


HOW = pytest.mark.parametrize(
    "small",
    [pytest.param(True, id="on a disk that is filled")]
    if may_mount()
    else [
        pytest.param(False, id="NOTHING MAY BE MOUNTED HERE, so PostgreSQL only says that its disk is full")
    ],
)


@HOW
async def test_a_full_disk_is_told_and_all_goes_on_once_there_is_room(
    around: Surroundings, small: bool
) -> None:
    before = await around.post(f"{around.home}/learnings", a_learning("Before the disk was full."))
    assert before.status_code == 303
    uploads = f"{around.home}/activities/imports"
    file = {"file": ("list.csv", HEAVY_FILE, "text/csv")}
    if small:
        with around.disk.filled():
            full, read = await around.post(uploads, {}, file), await around.get(around.home)
    else:
        connection = await asyncpg.connect(around.database_url)
        await connection.execute(BY_TRIGGER)
        full, read = await around.post(uploads, {}, file), await around.get(around.home)
        await connection.execute("DROP FUNCTION full_disk CASCADE")
        await connection.close()
    assert full.status_code == 503
    assert "The disk on which Pilotage keeps everything is full" in words_of(full.text)
    assert "What you sent was not kept" in words_of(full.text)
    assert read.status_code == 200
    assert (await around.post(uploads, {}, file)).status_code == 303
    assert await count(around.database_url, LEARNINGS, "Before the disk was full.") == 1


@HOW
async def test_a_disk_that_is_full_to_the_last_byte_ends_postgresql_and_what_was_acknowledged_outlives_that(
    around: Surroundings, small: bool
) -> None:
    """Without room for its journal PostgreSQL ends itself. Where nothing may be mounted, it is killed instead."""
    kept = await around.post(f"{around.home}/learnings", a_learning("Just before the end."))
    assert kept.status_code == 303
    (postgres,) = around.product.parts("postgres")
    if small:
        with around.disk.filled():
            await fill_the_journal(around.database_url)
            page = await around.get(f"{around.home}/learnings")
            assert page.status_code == 503
    else:
        postgres.kill()
    await around.until_healed()
    assert await count(around.database_url, LEARNINGS, "Just before the end.") == 1
    sent = await around.post(f"{around.home}/learnings", a_learning("After it had come back."))
    assert sent.status_code == 303


async def fill_the_journal(url: str) -> None:
    connection = await asyncpg.connect(url)
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await write_journal_for_ever(connection)


async def write_journal_for_ever(connection: asyncpg.Connection) -> None:
    while True:
        await connection.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))")
