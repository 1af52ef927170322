"""What Piccolo has no words for: partial and composite keys, indexes, the nil chain, events that stay."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from program.database import execute

ID = "2026-11-20T13:00:01:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes."

STATEMENTS = (
    r"INSERT INTO chain (id, number, hash) VALUES ('00000000-0000-0000-0000-000000000000', 0, '\x')",
    "CREATE UNIQUE INDEX departure_current ON departure (person) WHERE returned_at IS NULL",
    "CREATE UNIQUE INDEX role_grant_current ON role_grant (program, person, role) WHERE revoked_at IS NULL",
    "CREATE INDEX role_grant_of_person ON role_grant (person, program) WHERE revoked_at IS NULL",
    "CREATE INDEX listing_of_person ON listing (person)",
    "ALTER TABLE people_import ADD CONSTRAINT people_import_program_fkey"
    " FOREIGN KEY (program) REFERENCES program (id) ON DELETE RESTRICT",
    "CREATE INDEX people_import_of_program ON people_import (program, made_at)",
    "CREATE INDEX past_listing_of_person ON past_listing (person, program)",
    "CREATE INDEX session_of_person ON session (person) WHERE ended_at IS NULL",
    "CREATE INDEX sign_in_link_of_person ON sign_in_link (person, made_at)",
    "CREATE INDEX sign_in_try_of_subject ON sign_in_try (subject, tried_at)",
    "CREATE UNIQUE INDEX social_account_current ON social_account (person, network, lower(handle))"
    " WHERE removed_at IS NULL",
    "CREATE UNIQUE INDEX consent_current ON consent (account, program) WHERE withdrawn_at IS NULL",
    "CREATE INDEX form_key_of_person ON form_key (person, kept_at)",
    "CREATE INDEX event_of_program ON event (program, number DESC)",
    'CREATE INDEX event_by_person ON event ("by", program, number DESC)',
    "CREATE INDEX event_about_person ON event (about, program, number DESC) WHERE about IS NOT NULL",
    "CREATE INDEX delivery_due ON delivery (due_at) WHERE done_at IS NULL AND given_up_at IS NULL",
    "CREATE INDEX delivery_of_event ON delivery (event)",
    "CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'events are appended, never changed'; END $$",
    "CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON event"
    " FOR EACH STATEMENT EXECUTE FUNCTION event_stays()",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="program", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(run)
    return manager
