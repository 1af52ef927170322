"""The `pilotage` command. What a command needs is loaded when it is called: `up` stays, and loads none of it."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from program.refusals import Refusal
from program.settings import Settings, WrongSetting, settings_from
from workers.command.accounts import NoAccount
from workers.command.children import ChildTrouble
from workers.command.embedded import ServerTrouble
from workers.command.home import HomeTrouble
from workers.command.installation import NoInstallation, database_up, in_installation
from workers.command.manifest import BackupTrouble
from workers.command.migrate import MigrationTrouble
from workers.command.migrate import migrate as run_migrations
from workers.command.owner_link import owner_link_for
from workers.command.supervisor import CannotListen, Welcome, run_everything
from workers.command.terminal import TROUBLE, WRONG_USE, WrongUse, complain, say, steps

FORESEEABLE = (
    WrongSetting,
    NoAccount,
    ChildTrouble,
    ServerTrouble,
    HomeTrouble,
    MigrationTrouble,
    CannotListen,
    NoInstallation,
    BackupTrouble,
)

pilotage = typer.Typer(
    help=(
        "Pilotage runs a company’s employee-ambassador program.\n\nWhich installation a command works on follows from "
        "the settings in the environment: PILOTAGE_HOME, DATABASE_URL and the others. Commands work whether it runs or "
        "not. They end with 0 if all is good, 1 if there is trouble, and 2 if they were used wrongly."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Take in files, as on the page: first shown, then taken in.", no_args_is_help=True)
gate = typer.Typer(help="The gates of a rollout.", no_args_is_help=True)
readings = typer.Typer(help="What is kept of what was measured.", no_args_is_help=True)
owner = typer.Typer(help="Whoever owns the installation.", no_args_is_help=True)
pilotage.add_typer(imports, name="import")
pilotage.add_typer(gate, name="gate")
pilotage.add_typer(readings, name="readings")
pilotage.add_typer(owner, name="owner")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before anything is taken in.")]
File = Annotated[Path, typer.Argument(help="The file.", show_default=False)]


@pilotage.command()
def up(
    web: Annotated[str, typer.Option(help="The function that makes the web application.")] = "web.app:create",
    worker: Annotated[str, typer.Option(help="The module of the worker.")] = "workers",
) -> None:
    """Start everything, and stop it with Ctrl-C."""
    asyncio.run(run_everything(_settings(), web=web, worker=worker))


@pilotage.command()
def demo(
    web: Annotated[str, typer.Option(help="The function that makes the web application.")] = "web.app:create",
    worker: Annotated[str, typer.Option(help="The module of the worker.")] = "workers",
) -> None:
    """Start everything with a made-up company to look around in, in a folder of its own."""
    from workers.command import demo as company

    company.set_environment(os.environ)
    welcome = Welcome(prepared=company.prepare, lines=company.welcome_lines)
    asyncio.run(run_everything(_settings(), web=web, worker=worker, welcome=welcome))


@pilotage.command()
def migrate() -> None:
    """Bring the database to what this version expects, and make it where there is none.

    “up” does so by itself at every start. Several may do so at once: one does it, and the others wait.
    """
    settings = _settings()
    if settings.database_url:
        ran = asyncio.run(run_migrations(settings))
    else:
        with database_up(settings) as found:
            ran = asyncio.run(run_migrations(found))
    for name in ran:
        say(name)
    say(f"{len(ran)} migrations were run." if ran else "The database is as this version expects it.")


@imports.command("people")
def people(
    file: File,
    program: Annotated[str, typer.Option(help="The program whose people they are, as its address names it.")],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="EMAIL", help="In whose name: a lead of the program, or an owner. Else the first owner’s."
        ),
    ] = None,
    end_leavers: Annotated[
        bool, typer.Option("--end-leavers", help="End the listings of those who are not in the file.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Take in people as your HR system lists them: CSV or XLSX.

    Shows who is new, who changed, who is not in the file any more, and which lines cannot be taken in and why; then asks.
    Leavers are only listed, unless --end-leavers is said; who holds a role or takes part in a cohort stays in any case.
    Taken in twice, a file changes nothing. Ends with 1 where lines were not taken in; the others were.
    """
    from workers.command.import_people import import_people

    _end(_within(import_people, file, slug=program, by=by, yes=yes, end_leavers=end_leavers))


@imports.command("activities")
def activities(
    file: File,
    person: Annotated[str, typer.Option(metavar="EMAIL", help="Whose activities they are.")],
    program: Annotated[
        str | None, typer.Option(help="The program, where the person belongs to several.")
    ] = None,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="An account that the file names, and they did not, is theirs.")
    ] = False,
    without_reactions: Annotated[
        bool, typer.Option("--without-reactions", help="Leave reactions out.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Take in what somebody did: the archive or analytics that a network gave them, or a list of their own.

    Only what they agreed to have tracked is taken in, from the day on from which they did. Shows what is new, known
    already, left out and not understood, and why; then asks. Taken in twice, a file adds nothing.
    """
    from workers.command.import_activities import import_activities

    with steps() as progress:
        told = {"theirs": theirs, "without_reactions": without_reactions, "yes": yes, "progress": progress}
        code = _within(import_activities, file, email=person, slug=program, **told)
    _end(code)


@gate.command("show")
def show(
    program: Annotated[str, typer.Argument(help="The program, as its address names it.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="The same for scripts: all gates, as JSON.")] = False,
) -> None:
    """Show what holds a program’s next gate shut, what it asks for, and when it will probably be ready.

    Ends with 0 where the next gate is ready or none is left to open, and with 3 where it is shut.
    """
    from workers.command.gate_show import show_gates

    _end(_within(show_gates, program, as_json=json))


@readings.command("verify")
def verify() -> None:
    """Recompute everything that is kept of raw data, and name what differs.

    Readings and members’ months are recomputed from activities, memberships, learnings, certificates and editions, as of
    the moment at which each was taken. Nothing is changed. Ends with 1 where something differs.
    """
    from workers.command.readings_verify import tell_of_readings

    with steps() as progress:
        code = _within(tell_of_readings, progress)
    _end(code)


@pilotage.command("verify-events")
def verify_events() -> None:
    """Check that no event was changed, moved or removed since it was recorded, and name the first that was."""
    from workers.command.verify_events import tell_of_events

    _end(_within(tell_of_events))


@pilotage.command()
def backup(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Where backups are kept; each gets a folder of its own.", show_default=False
        ),
    ],
) -> None:
    """Back everything up as it is at this moment, while Pilotage runs: the database and the secret.

    The backup is made aside and renamed when it is whole. Whoever can read it can read everything: keep it safe.
    """
    from workers.command.backup import back_up

    with steps() as progress, database_up(_settings()) as settings:
        told = back_up(settings, folder.expanduser().absolute(), progress)
    say(told)


@pilotage.command()
def restore(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="One backup: a folder that “backup” made.", show_default=False),
    ],
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help="Keep what was restored also where its events or readings do not hold together."
        ),
    ] = False,
) -> None:
    """Restore a backup into a fresh installation, and prove that it is the same.

    Into a PILOTAGE_HOME that holds nothing yet, or an empty database at DATABASE_URL. Compares files and rows with what
    was backed up, checks every chain of events, and recomputes every reading; if anything is not as it was, nothing of
    it is kept. Everybody signs in anew afterwards. Restore only what you trust: loading a backup runs what stands in it.
    """
    from workers.command.restore import restore as restore_backup

    with steps() as progress:
        report = restore_backup(_settings(), folder.expanduser().absolute(), anyway=anyway, progress=progress)
    for line in report:
        say(line)


@pilotage.command()
def doctor() -> None:
    """Say what is wrong on this machine and with this installation, and how to mend it.

    Changes nothing, and works whether Pilotage runs or not. Ends with 1 where something is wrong.
    """
    from workers.command.doctor import examine

    _end(examine(os.environ))


@owner.command("link")
def link(
    email: Annotated[
        str, typer.Option(metavar="EMAIL", help="For whom, where the installation has several owners.")
    ] = "",
) -> None:
    """Print a one-time sign-in link for an owner: the way back in for whoever locked themselves out."""
    say(in_installation(_settings(), lambda settings: owner_link_for(settings, email)))


def _settings() -> Settings:
    return settings_from(os.environ)


def _within(work: Any, *values: Any, **named: Any) -> int:
    """The exit code of work that is done within the installation of the settings."""
    code: int = in_installation(_settings(), lambda _settings: work(*values, **named))
    return code


def _end(code: int) -> NoReturn:
    raise typer.Exit(code)


def _asked_to_end(_number: int, _frame: object) -> NoReturn:
    """What was begun aside is cleared away, as after Ctrl-C."""
    sys.exit(TROUBLE)


def main() -> None:
    """Run the command; what could be foreseen is said in a sentence, without a traceback."""
    signal.signal(signal.SIGTERM, _asked_to_end)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        pilotage(prog_name="pilotage")
    except WrongUse as wrong:
        complain(str(wrong))
        sys.exit(WRONG_USE)
    except Refusal as refusal:
        complain("\n".join([refusal.sentence(), *refusal.reason_sentences()]))
        sys.exit(TROUBLE)
    except FORESEEABLE as trouble:
        complain(str(trouble))
        sys.exit(TROUBLE)


if __name__ == "__main__":
    main()
