"""The real product in a folder of its own, with a mail server beside it, to be killed part by part."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil

from tests.workers.mail import Letterbox, a_free_port, a_mail_server
from workers.command.children import Child
from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey
from workers.command.supervisor import _server_part

CHECKOUT = Path(__file__).parents[2]
SYSTEM_POSTGRES = Path("/usr/lib/postgresql/15/bin")
STARTS_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 60
LINES_TOLD_OF_A_FAILURE = 60
OURS = ("PILOTAGE_", "DATABASE_", "REDIS_", "SMTP_", "PORT")
PARTS = {
    "web": "web.serving",
    "worker": "-m workers",
    "valkey": "valkey-server",
    "postgres": "postgres -D",
}


class Product:
    """One `pilotage up` and all that it said. `database` is the server that it was given, where it was given one."""

    def __init__(self, home: Path, letterbox: Letterbox, database: EmbeddedPostgres | None) -> None:
        self.home, self.letterbox = home, letterbox
        self.port = a_free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.said: list[str] = []
        self._database = database
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._up = asyncio.Event()

    @property
    def database_url(self) -> str:
        return (self._database or EmbeddedPostgres(self.home)).url()

    @property
    def redis_url(self) -> str:
        return EmbeddedValkey(self.home).url()

    @property
    def supervisor(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    async def start(self, web: str = "web.app:create", **environ: str) -> None:
        given = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        given |= {"PILOTAGE_HOME": str(self.home), "PORT": str(self.port), "PILOTAGE_MARK": "test"} | environ
        if self._database:
            given["DATABASE_URL"] = self._database.url()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "workers.command", "up", "--web", web),
            cwd=CHECKOUT,
            env=given,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._listening = asyncio.create_task(self._listen())
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            await self._up.wait()
        assert self._process.returncode is None, "".join(self.said)

    async def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode():
            self.said.append(line)
            if "The owner signs in here" in line:
                self._up.set()
        self._up.set()

    def backends(self) -> list[psutil.Process]:
        """Those of PostgreSQL's own processes that serve our connections."""
        with suppress(psutil.NoSuchProcess):
            for postgres in self.parts("postgres"):
                return _living(postgres.children(), "pilotage [local]")
        return []

    async def stop(self) -> int:
        """Its exit code, after a signal asked it to end."""
        assert self._process is not None
        assert self._listening is not None
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(STOPS_WITHIN_SECONDS):
                await self._listening
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            raise

    def parts(self, name: str) -> list[psutil.Process]:
        """The process of a part as it is now, if there is one. Other tests run a PostgreSQL of their own beside a given one."""
        if name == "postgres" and self._database:
            return _living(psutil.Process().children(), f"{PARTS[name]} {self._database.folder}")
        return _living(self.supervisor.children(), PARTS[name])


def _living(processes: list[psutil.Process], words: str) -> list[psutil.Process]:
    found = []
    for process in processes:
        try:
            if words in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@asynccontextmanager
async def a_product(folder: Path, *, binaries: Path | None = None, **environ: str) -> AsyncIterator[Product]:
    """A product that is up. With `binaries`, PostgreSQL from there is kept running beside it, and given to it."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 -- before anything runs
    server = Child(_server_part(_own(folder, binaries))) if binaries else None
    with a_mail_server() as (letterbox, smtp_url):
        if server:
            await server.start()
        try:
            product = Product(folder / "home", letterbox, _own(folder, binaries) if binaries else None)
            try:
                await product.start(SMTP_URL=smtp_url, **environ)
                yield product
            except BaseException:
                sys.stderr.writelines(product.said[-LINES_TOLD_OF_A_FAILURE:])
                raise
            finally:
                await product.stop()
        finally:
            if server:
                await server.stop()


def _own(folder: Path, binaries: Path | None) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, binaries=binaries)
