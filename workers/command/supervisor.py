"""Everything that Pilotage consists of, in one process tree: started in order, kept running, stopped in order."""

import asyncio
import errno
import http.client
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from program.settings import HIGHEST_PORT, Settings
from workers.command.accounts import ending_with_us
from workers.command.children import Child, Part, say
from workers.command.embedded import STOPS_WITHIN_SECONDS, EmbeddedPostgres, EmbeddedServer, EmbeddedValkey
from workers.command.home import held_home, settled
from workers.command.migrate import migrate
from workers.command.owner_link import owner_link_line

CHECKOUT = Path(__file__).resolve().parents[2]
MARK = "PILOTAGE_SUPERVISED_FROM"
WEB_STOPS_WITHIN_SECONDS = 25
LEFTOVERS_END_WITHIN_SECONDS = 10
ANSWERS_WITHIN_SECONDS = 2
ANY_PORT = 0
SECRETS = frozenset({"DATABASE_URL", "REDIS_URL", "SMTP_URL", "PILOTAGE_SECRET", "PILOTAGE_METRICS_TOKEN"})
"""Settings that hold what lets somebody in; the embedded servers may run as somebody else, and need none of them."""


class CannotListen(Exception):  # noqa: N818 -- its words are shown as they are
    """Web cannot listen where it should; where somebody else does, the words name a port that is free."""


async def _the_owners_link(settings: Settings) -> Sequence[str]:
    return [await owner_link_line(settings)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What is done with the database before web and worker start, and what is said once they run."""

    prepared: Callable[[Settings], Awaitable[object]] = migrate
    lines: Callable[[Settings], Awaitable[Sequence[str]]] = _the_owners_link


OWNERS_WELCOME = Welcome()


async def run_everything(
    settings: Settings, *, web: str, worker: str, welcome: Welcome = OWNERS_WELCOME
) -> None:
    """Start all parts, say where Pilotage is to be found, and stop them when a signal asks for it.

    `web` and `worker` are modules, known here by name only: `package.module:function`, and what `python -m` runs.
    """
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    children: list[Child] = []
    with held_home(settings.home):
        starting = asyncio.create_task(_start(settings, web, worker, welcome, children))
        stopping = asyncio.create_task(asked_to_stop.wait())
        try:
            await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
                await stopping
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await _stop(settings, children)


async def _start(settings: Settings, web: str, worker: str, welcome: Welcome, children: list[Child]) -> None:
    _end_leftovers(settings.home)
    _check_port(settings)
    for server in _servers(settings):
        await _started(_server_part(server), children)
    settings = settled(settings)
    environment = _environment(settings)
    await welcome.prepared(settings)
    await _started(_web_part(settings, web, environment), children)
    await _started(_python_part("worker", (worker,), environment, is_ready=lambda _pid: True), children)
    say("pilotage", f"Pilotage is at {settings.address} (Ctrl-C stops it).")
    for line in await welcome.lines(settings):
        say("pilotage", line)


async def _started(part: Part, children: list[Child]) -> None:
    children.append(Child(part))
    await children[-1].start()


async def _stop(settings: Settings, children: list[Child]) -> None:
    """Web first, so that no request finds half a house; PostgreSQL last."""
    order = ("web", "worker", EmbeddedValkey.name, EmbeddedPostgres.name)
    for child in sorted(children, key=lambda child: order.index(child.part.name)):
        await child.stop()
    for server in _servers(settings):
        server.clear()


def _servers(settings: Settings) -> list[EmbeddedServer]:
    """The servers that nobody else runs for us."""
    servers: list[EmbeddedServer] = []
    if not settings.database_url:
        servers.append(EmbeddedPostgres(settings.home))
    if not settings.redis_url:
        servers.append(EmbeddedValkey(settings.home))
    return servers


def _server_part(server: EmbeddedServer) -> Part:
    def command() -> list[str]:
        server.prepare()
        return server.command()

    return Part(
        name=server.name,
        command=command,
        is_ready=server.is_ready,
        folder=server.folder,
        environment={name: value for name, value in os.environ.items() if name not in SECRETS},
        stop_signal=server.stop_signal,
        stops_within_seconds=STOPS_WITHIN_SECONDS,
    )


def _web_part(settings: Settings, web: str, environment: Mapping[str, str]) -> Part:
    where = ("--host", settings.host, "--port", str(settings.port))

    def answers(_pid: int) -> bool:
        connection = http.client.HTTPConnection(settings.host, settings.port, timeout=ANSWERS_WITHIN_SECONDS)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    part = _python_part("web", ("web.serving", web, *where), environment, answers)
    return replace(part, stops_within_seconds=WEB_STOPS_WITHIN_SECONDS)


def _python_part(
    name: str, module: tuple[str, ...], environment: Mapping[str, str], is_ready: Callable[[int], bool]
) -> Part:
    return Part(
        name=name,
        command=lambda: ending_with_us([sys.executable, "-m", *module]),
        is_ready=is_ready,
        folder=CHECKOUT,
        environment=environment,
    )


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PILOTAGE_HOME": str(settings.home),
        "PILOTAGE_SECRET": settings.secret,
        "PYTHONUNBUFFERED": "1",
        MARK: str(settings.home),
    }


def _end_leftovers(home: Path) -> None:
    """End the web and worker of an earlier supervisor that was killed before it could; servers look to their own."""
    left = [process for process in psutil.process_iter() if _is_left_from(home, process)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(left, timeout=LEFTOVERS_END_WITHIN_SECONDS)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _is_left_from(home: Path, process: psutil.Process) -> bool:
    try:
        return process.environ().get(MARK) == str(home)
    except psutil.Error:
        return False


def _check_port(settings: Settings) -> None:
    """Listen for a moment where web will, so that what hinders it is said before anything is started."""
    try:
        _listen(settings.host, settings.port)
    except OSError as hindrance:
        if hindrance.errno != errno.EADDRINUSE:
            raise CannotListen(
                f"Pilotage cannot listen on port {settings.port} of {settings.host}: {hindrance.strerror}. "
                "PORT and PILOTAGE_HOST say where it should."
            ) from None
        free = _free_port(settings.host, settings.port)
        raise CannotListen(
            f"Another program already listens on port {settings.port} of {settings.host}. "
            f"Port {free} is free: PORT={free} make run"
        ) from None


def _free_port(host: str, taken: int) -> int:
    for port in range(taken + 1, min(taken + 100, HIGHEST_PORT) + 1):
        with suppress(OSError):
            return _listen(host, port)
    return _listen(host, ANY_PORT)


def _listen(host: str, port: int) -> int:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)
        bound: int = trial.getsockname()[1]
        return bound
