"""What the doctor finds on the machine: Python, the folder, the port, and the servers that Pilotage brings along."""

import fcntl
import ipaddress
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

from program.settings import SHORTEST_SECRET_CHARACTERS, Settings
from program.words import figure_text
from program.words import gettext as _
from workers.command.accounts import ACCOUNT
from workers.command.embedded import EmbeddedPostgres, EmbeddedValkey, ServerTrouble
from workers.command.findings import Finding, look, ok, wrong
from workers.command.home import LEAST_FREE_MEGABYTES

OLDEST_PYTHON = (3, 11)
COMFORTABLE_MEGABYTES = 2_000
ANSWERS_WITHIN_SECONDS = 10


def address_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the address that people use is one that they can use safely."""
    parts = urlsplit(settings.address)
    told = {"address": settings.address}
    if parts.scheme == "http" and not _is_ours_alone(parts.hostname or ""):
        yield wrong(
            _("People use %(address)s, which everybody on the way can read, passwords and all.") % told,
            _("Put a proxy that speaks HTTPS in front of Pilotage, and set PILOTAGE_ADDRESS to https://…"),
        )
    else:
        yield ok(_("People use %(address)s.") % told)
    if settings.mark and not _is_ours_alone(parts.hostname or ""):
        yield look(
            _("PILOTAGE_MARK is “%(mark)s” at a public address.") % {"mark": settings.mark},
            _(
                "A new database would let its owner move the clock. Leave the mark out where real people work."
            ),
        )


def machine_findings(settings: Settings) -> Iterator[Finding]:
    """One after the other, since some take a moment."""
    yield _python()
    yield from _words()
    yield from _folder(settings.home)
    yield from _secret(settings)
    yield from _port(settings)
    if not settings.database_url:
        yield from _runs(EmbeddedPostgres(settings.home).binaries / "postgres", "PostgreSQL")
        yield from _data(settings.home)
    if not settings.redis_url:
        yield from _valkey()
    if not (settings.database_url and settings.redis_url):
        yield from _account()


def running_as(home: Path) -> int | None:
    """The process that runs the installation in this folder, if one does."""
    with suppress(OSError), (home / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            told = lock.read().strip()
            return int(told) if told.isdigit() else 0
    return None


def _is_ours_alone(host: str) -> bool:
    """Whether a host is only this machine, or one of a private network."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_private
    return host == "localhost" or host.endswith(".localhost")


def _python() -> Finding:
    told = {"version": ".".join(map(str, sys.version_info[:3]))}
    if sys.version_info < OLDEST_PYTHON:
        return wrong(_("This is Python %(version)s.") % told, _("Pilotage needs Python 3.11 or newer."))
    return ok(_("Python %(version)s.") % told)


def _words() -> Iterator[Finding]:
    try:
        ZoneInfo("Europe/Berlin")
        Locale.parse("en_GB")
    except (ZoneInfoNotFoundError, UnknownLocaleError):
        yield wrong(
            _("Time zones or the names of months are missing."),
            _("Install Pilotage anew: make clean, then make run."),
        )
    else:
        yield ok(_("Time zones and languages are there."))
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        yield look(
            _("This terminal writes %(encoding)s.") % {"encoding": sys.stdout.encoding},
            _("Names with accents look wrong in it. Set LANG=C.UTF-8."),
        )


def _folder(home: Path) -> Iterator[Finding]:
    there = next(way for way in (home, *home.parents) if way.exists())
    told = {"home": str(home), "there": str(there)}
    mend = _("Make the folder yours, or choose another: PILOTAGE_HOME=…")
    if not there.is_dir():
        yield wrong(_("%(there)s is a file, so %(home)s cannot be the folder of the data.") % told, mend)
        return
    if not os.access(there, os.W_OK | os.X_OK):
        yield wrong(_("Nobody like you can write into %(there)s.") % told, mend)
    elif there == home:
        yield ok(_("The folder of the data is %(home)s.") % told)
    else:
        yield ok(_("The folder of the data, %(home)s, is made at the first start.") % told)
    free = shutil.disk_usage(there).free // 1_000_000
    told = told | {"free": figure_text(free)}
    if free < LEAST_FREE_MEGABYTES:
        yield wrong(
            _("Only %(free)s MB are free at %(there)s.") % told,
            _(
                "Pilotage needs %(needed)s MB to start. Make room there, or choose another folder: PILOTAGE_HOME=…"
            )
            % {"needed": figure_text(LEAST_FREE_MEGABYTES)},
        )
    elif free < COMFORTABLE_MEGABYTES:
        yield look(_("%(free)s MB are free at %(there)s.") % told, _("Make room there before long."))
    else:
        yield ok(_("%(free)s MB are free.") % told)


def _secret(settings: Settings) -> Iterator[Finding]:
    file = settings.home / "secret"
    told = {"file": file}
    if settings.secret:
        yield ok(_("The secret comes from PILOTAGE_SECRET."))
        return
    if not file.exists():
        yield ok(_("The secret is made at the first start."))
        return
    try:
        length = len(file.read_text())
    except OSError:
        yield wrong(
            _("The secret in %(file)s cannot be read.") % told,
            _("Give it back to its owner: chown … %(file)s") % told,
        )
        return
    if length < SHORTEST_SECRET_CHARACTERS:
        yield wrong(
            _("The secret in %(file)s is damaged.") % told,
            _("Bring it back from a backup; a new one ends every session, link and invitation."),
        )
    elif stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        yield wrong(
            _("Others on this machine can read the secret in %(file)s.") % told,
            _("chmod 600 %(file)s") % told,
        )
    else:
        yield ok(_("The secret is readable for its owner alone."))


def _port(settings: Settings) -> Iterator[Finding]:
    told = {"port": settings.port, "host": settings.host}
    process = running_as(settings.home)
    try:
        with socket.create_connection((settings.host, settings.port), timeout=ANSWERS_WITHIN_SECONDS):
            answers = True
    except OSError:
        answers = False
    if process is not None and answers:
        yield ok(
            _("Pilotage runs (process %(process)d) and answers on port %(port)d of %(host)s.")
            % (told | {"process": process})
        )
    elif process is not None:
        yield wrong(
            _("Pilotage runs (process %(process)d), but nothing answers on port %(port)d of %(host)s.")
            % (told | {"process": process}),
            _("Is it still starting? Are PORT and PILOTAGE_HOST those with which it was started?"),
        )
    elif answers:
        yield wrong(
            _("Pilotage does not run, and another program has port %(port)d of %(host)s.") % told,
            _("End that program, or choose another port: PORT=…"),
        )
    else:
        yield ok(_("Pilotage does not run; port %(port)d of %(host)s is free.") % told)


def _runs(program: Path, name: str) -> Iterator[Finding]:
    try:
        told = subprocess.run(
            [program, "--version"], check=True, capture_output=True, text=True, timeout=ANSWERS_WITHIN_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        yield wrong(
            _("The %(name)s that Pilotage brings along does not run: %(why)s.")
            % {"name": name, "why": error},
            _(
                "Install it anew: make clean, then make run. Or use a server of your own: DATABASE_URL, REDIS_URL."
            ),
        )
    else:
        yield ok(_("%(version)s runs here.") % {"version": " ".join(told.stdout.split()[:3])})


def _valkey() -> Iterator[Finding]:
    try:
        program = EmbeddedValkey.program()
    except (ServerTrouble, StopIteration):
        yield wrong(
            _("The Valkey that Pilotage brings along is missing."),
            _("Install it anew: make clean, then make run."),
        )
    else:
        yield from _runs(program, "Valkey")


def _data(home: Path) -> Iterator[Finding]:
    """Whether the data are of the version that would run on them."""
    server = EmbeddedPostgres(home)
    if not server.folder.exists():
        yield ok(_("There is no installation in the folder yet."))
        return
    try:
        server.check_version()
    except ServerTrouble as trouble:
        yield wrong(_("The data do not fit the server."), str(trouble))
    except OSError as error:
        yield wrong(
            _("The data in %(folder)s cannot be read: %(why)s.")
            % {"folder": server.folder, "why": error.strerror},
            _("Ask as whoever started Pilotage, or as root."),
        )
    else:
        yield ok(_("The data are of the version that runs here."))


def _account() -> Iterator[Finding]:
    """As whom the servers run that Pilotage brings along."""
    root = os.geteuid() == 0
    if not shutil.which("setpriv"):
        mend = _("Debian: apt install util-linux.")
        if root:
            yield wrong(_("PostgreSQL must not run as root, and “setpriv” is missing."), mend)
        else:
            yield look(_("“setpriv” is missing: servers may outlive a Pilotage that is killed."), mend)
    if not root:
        yield ok(_("The servers run as %(name)s.") % {"name": pwd.getpwuid(os.geteuid()).pw_name})
        return
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        if shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
            yield ok(_("The servers run as a user “%(name)s”, made at the first start.") % {"name": ACCOUNT})
        else:
            yield wrong(
                _("PostgreSQL must not run as root, and there is no user “%(name)s”.") % {"name": ACCOUNT},
                _("Make one: useradd --system %(name)s") % {"name": ACCOUNT},
            )
    else:
        yield ok(_("Root starts, and the servers run as “%(name)s”.") % {"name": ACCOUNT})
