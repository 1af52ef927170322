"""What Piccolo has no words for: indexes of tokens and reminders, and counts that need not survive a crash."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from program.database import execute

ID = "2026-11-20T19:00:01:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of access tokens and reminders."

STATEMENTS = (
    "CREATE INDEX access_token_of_person ON access_token (person, made_at)",
    "ALTER TABLE access_token_use SET UNLOGGED",
    "CREATE INDEX reminder_of_person ON reminder (person, due_on)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="program", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(run)
    return manager
