"""The whole process tree, really started, with a web and a worker as small as they can be."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey

CHECKOUT = Path(__file__).parents[2]
STARTS_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 30
PARTS = {
    "postgres": "bin/postgres -D",
    "valkey": "valkey-server",
    "web": "web.serving",
    "worker": "little_worker",
}


class Running:
    """One `pilotage up`, what it said so far, and its processes."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process = process
        self.address = address
        self.said = ""

    async def until_said(self, words: str) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while words not in self.said:
                line = await self.process.stdout.readline()
                assert line, f"it ended without saying {words!r}:\n{self.said}"
                self.said += line.decode()

    async def ended(self) -> int:
        """Its exit code, once it has said everything."""
        assert self.process.stdout is not None
        async with asyncio.timeout(STOPS_WITHIN_SECONDS):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()

    async def answer(self) -> str:
        async with httpx.AsyncClient() as client:
            return (await client.get(self.address)).text

    async def until_it_answers(self) -> None:
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while True:
                with suppress(httpx.TransportError):
                    await self.answer()
                    return

    async def until_there(self, name: str) -> None:
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while self.part(name) is None:  # noqa: ASYNC110 -- another process tells nobody that it is there
                await asyncio.sleep(0.05)

    def tree(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def part(self, name: str) -> psutil.Process | None:
        children = psutil.Process(self.process.pid).children()
        return next((child for child in children if PARTS[name] in words_of(child)), None)


def words_of(process: psutil.Process) -> str:
    """Its command line; none of one that ends just now."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


async def until_connected(url: str) -> asyncpg.Connection:
    """PostgreSQL refuses everybody while it recovers from being killed."""
    async with asyncio.timeout(STARTS_WITHIN_SECONDS):
        while True:
            with suppress(OSError, asyncpg.CannotConnectNowError):
                return await asyncpg.connect(url)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@asynccontextmanager
async def pilotage(
    home: Path, port: int = 0, web: str = "tests.workers.little_web:create", **environ: str
) -> AsyncIterator[Running]:
    """`pilotage up` in its own process; whatever the test did to it, nothing of it is left afterwards."""
    port = port or free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers.command", "up"),
        *("--web", web, "--worker", "tests.workers.little_worker"),
        cwd=CHECKOUT,
        env=os.environ | {"PILOTAGE_HOME": str(home), "PORT": str(port), "PILOTAGE_MARK": "test"} | environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Running(process, f"http://127.0.0.1:{port}/")
    try:
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
            await running.ended()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for all tests here: each finds what the one before left."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_everything_starts_and_a_signal_leaves_no_process(home: Path, number: signal.Signals) -> None:
    async with pilotage(home) as running:
        await running.until_said("The owner signs in here, once: http://localhost:")
        assert await running.answer() == "alive"
        await running.until_said("worker   | working")
        tree = running.tree()
        running.process.send_signal(number)
        assert await running.ended() == 0
    assert {process.name() for process in tree if process.is_running()} == set()
    assert not (home / "sockets").is_symlink()


async def test_the_link_leads_to_the_address_that_people_use(home: Path) -> None:
    async with pilotage(home, PILOTAGE_ADDRESS="https://pilotage.example.com") as running:
        await running.until_said("The owner signs in here, once: https://pilotage.example.com/sign-in/")


async def test_another_link_can_be_had_from_another_terminal(home: Path) -> None:
    async with pilotage(home) as running:
        await running.until_said("The owner signs in here")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "workers.command", "owner", "link"),
            cwd=CHECKOUT,
            env=os.environ | {"PILOTAGE_HOME": str(home)},
            stdout=asyncio.subprocess.PIPE,
        )
        said = (await process.communicate())[0].decode()
    assert said.startswith("The owner signs in here, once: http://localhost:8000/sign-in/")
    assert said not in running.said


async def test_each_part_that_is_killed_is_started_again(home: Path) -> None:
    async with pilotage(home) as running:
        await running.until_said("The owner signs in here")
        for name in PARTS:
            killed = running.part(name)
            assert killed is not None
            killed.kill()
            await running.until_said(f"{name:<9}| ended (SIGKILL)")
            await running.until_there(name)
        await running.until_it_answers()
        connection = await until_connected(EmbeddedPostgres(home).url())
        assert await connection.fetchval("SELECT mark FROM installation") == "test"
        await connection.close()


async def test_the_servers_are_told_no_secrets(home: Path) -> None:
    secrets = {"PILOTAGE_SECRET", "PILOTAGE_METRICS_TOKEN"}
    async with pilotage(home, PILOTAGE_SECRET="s" * 40, PILOTAGE_METRICS_TOKEN="m" * 20) as running:
        await running.until_said("The owner signs in here")
        for name in ("postgres", "valkey"):
            server = running.part(name)
            assert server is not None
            assert not secrets & server.environ().keys()


async def test_a_killed_supervisor_takes_everything_along_and_the_next_start_goes_on(home: Path) -> None:
    port = free_port()
    async with pilotage(home, port) as running:
        await running.until_said("The owner signs in here")
        tree = running.tree()
        running.process.kill()
        await running.process.wait()
        async with pilotage(home, port) as next_one:
            await next_one.until_said("The owner signs in here")
            assert await next_one.answer() == "alive"
    assert psutil.wait_procs(tree, timeout=STOPS_WITHIN_SECONDS)[1] == []


async def test_a_taken_port_is_named_with_a_free_one(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        async with pilotage(home, taken) as running:
            assert await running.ended() == 1
    assert f"already listens on port {taken} of 127.0.0.1." in running.said
    free = int(running.said.partition("PORT=")[2].split()[0])
    assert free > taken
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", free))


async def test_an_address_of_another_machine_is_named(home: Path) -> None:
    async with pilotage(home, PILOTAGE_HOST="192.0.2.1") as running:
        assert await running.ended() == 1
    assert " of 192.0.2.1: Cannot assign requested address." in running.said
    assert "Traceback" not in running.said


async def test_two_do_not_run_from_one_folder(home: Path) -> None:
    async with pilotage(home) as first:
        await first.until_said("The owner signs in here")
        async with pilotage(home) as second:
            assert await second.ended() == 1
            assert f"Pilotage already runs from {home} (process {first.process.pid})." in second.said
        assert await first.answer() == "alive"


async def test_own_servers_are_used_where_they_are_given(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    with EmbeddedPostgres(theirs, for_tests=True) as postgres, EmbeddedValkey(theirs) as valkey:
        async with pilotage(ours, DATABASE_URL=postgres.url("company"), REDIS_URL=valkey.url()) as running:
            await running.until_said("The owner signs in here")
            assert (running.part("postgres"), running.part("valkey")) == (None, None)
        connection = await asyncpg.connect(postgres.url("company"))
        assert await connection.fetchval("SELECT count(*) FROM owner") == 1
        await connection.close()
    assert sorted(path.name for path in ours.iterdir()) == ["lock", "secret"]


async def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    database = f"postgresql://ada@127.0.0.1:{free_port()}/pilotage"
    async with pilotage(tmp_path, DATABASE_URL=database) as running:
        tree = running.tree()
        assert await running.ended() == 1
    assert "The database cannot be used: " in running.said
    assert "Traceback" not in running.said
    assert psutil.wait_procs(tree, timeout=STOPS_WITHIN_SECONDS)[1] == []


async def test_a_wrong_setting_stops_the_start(tmp_path: Path) -> None:
    async with pilotage(tmp_path, PILOTAGE_MARK="live") as running:
        assert await running.ended() == 1
    assert running.said == "PILOTAGE_MARK is “live”. Right would be: demo, test or nothing.\n"
    assert not (tmp_path / "postgres").exists()


async def test_a_web_that_cannot_start_stops_everything(home: Path) -> None:
    async with pilotage(home, web="tests.workers.nothing_here:create") as running:
        assert await running.ended() == 1
    assert "web does not start; what it said stands above." in running.said
    assert not (home / "sockets").is_symlink()
