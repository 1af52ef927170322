"""Who the embedded servers run as: the one who started us, or somebody of their own when that is root."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

ACCOUNT = "pilotage"


class NoAccount(Exception):  # noqa: N818 -- its words are shown as they are
    """Root started us and there is nobody whom the embedded servers could run as."""


def handed_to_servers(folder: Path, *, home: Path) -> Path:
    """The folder, made if need be, private and owned by whoever the servers of `home` run as."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _we_are_root():
        account = _account(home)
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)
    return folder


def belongs_to_servers(folder: Path, *, home: Path) -> bool:
    owner = _account(home).pw_uid if _we_are_root() else os.geteuid()
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == owner


def as_servers(program: Sequence[str], *, home: Path, ends_with_us: signal.Signals) -> list[str]:
    """The command line that runs a server's `program` as whom it should run as, and ends it when we end.

    PostgreSQL refuses to be root. Somebody else may be unable to reach a checkout under `/root`; rather than open
    that folder to everyone, the servers are then given the one capability that passes closed folders.
    """
    options = [f"--pdeathsig={ends_with_us.name.removeprefix('SIG')}"]
    if _we_are_root():
        account = _account(home)
        options += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        options += _capabilities(closed=not _everyone_may_reach(Path(program[0]), home))
    return [*_setpriv(options), *program]


def ending_with_us(program: Sequence[str]) -> list[str]:
    """The command line that runs `program`, and asks it to end when the process that started it dies."""
    return [*_setpriv(["--pdeathsig=TERM"]), *program]


def _we_are_root() -> bool:
    return os.geteuid() == 0


def _setpriv(options: list[str]) -> list[str]:
    """Every Debian has `setpriv`; where it is missing, only root cannot do without."""
    if shutil.which("setpriv"):
        return ["setpriv", *options, "--"]
    if _we_are_root():
        raise NoAccount(
            "PostgreSQL must not run as root, and the program “setpriv” that would let it run as somebody else "
            "is missing (Debian: apt install util-linux). Or start Pilotage as an ordinary user."
        )
    return []


def _capabilities(*, closed: bool) -> list[str]:
    """None, or one. access(2), by which initdb looks for its neighbours, heeds it only without the set-uid fix-up."""
    kept = ",+dac_override" if closed else ""
    options = [f"--{kind}=-all{kept}" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
    return [*options, "--securebits=+no_setuid_fixup"] if closed else options


def _everyone_may_reach(program: Path, home: Path) -> bool:
    ways = {program, *program.parents, home, *home.parents}
    return all(way.stat().st_mode & stat.S_IXOTH for way in ways)


def _account(home: Path) -> pwd.struct_passwd:
    """The owner of `home`, so that root goes on with what an ordinary user began; else a user made for it."""
    owner = home.stat().st_uid
    with suppress(KeyError):
        return pwd.getpwuid(owner) if owner else _own_account()
    return _own_account()


def _own_account() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd:
        home_and_shell = ("--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin")
        subprocess.run([useradd, "--system", *home_and_shell, ACCOUNT], check=False, capture_output=True)
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    raise NoAccount(
        f"PostgreSQL must not run as root, and the user “{ACCOUNT}” for it could not be made. "
        f"Make one (useradd --system {ACCOUNT}), or start Pilotage as an ordinary user."
    )
