"""The `pilotage` command."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from program.settings import Settings, WrongSetting, settings_from
from workers.command.accounts import NoAccount
from workers.command.children import ChildTrouble
from workers.command.embedded import ServerTrouble
from workers.command.home import HomeTrouble, settled
from workers.command.migrate import MigrationTrouble
from workers.command.migrate import migrate as run_migrations
from workers.command.owner_link import owner_link_line
from workers.command.supervisor import CannotListen, run_everything
from workers.command.verify_events import broken_chain_lines

FORESEEABLE = (
    WrongSetting,
    NoAccount,
    ChildTrouble,
    ServerTrouble,
    HomeTrouble,
    MigrationTrouble,
    CannotListen,
)

pilotage = typer.Typer(
    help="Pilotage runs a company’s employee-ambassador program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@pilotage.command()
def up(
    web: Annotated[str, typer.Option(help="The function that makes the web application.")] = "web.app:create",
    worker: Annotated[str, typer.Option(help="The module of the worker.")] = "workers",
) -> None:
    """Start everything, and stop it with Ctrl-C."""
    asyncio.run(run_everything(_settings(), web=web, worker=worker))


@pilotage.command()
def migrate() -> None:
    """Bring the database to what this version expects."""
    asyncio.run(run_migrations(settled(_settings())))


@pilotage.command("owner-link")
def owner_link() -> None:
    """Print a one-time sign-in link for the owner."""
    print(asyncio.run(owner_link_line(settled(_settings()))))


@pilotage.command("verify-events")
def verify_events() -> None:
    """Check that no event was changed, moved or removed since it was recorded."""
    broken = asyncio.run(broken_chain_lines(settled(_settings())))
    print("\n".join(broken) or "Every chain of events is whole.")
    sys.exit(1 if broken else 0)


def _settings() -> Settings:
    return settings_from(os.environ)


def main() -> None:
    """Run the command; what could be foreseen is said in a sentence, without a traceback."""
    try:
        pilotage()
    except FORESEEABLE as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
