"""What Piccolo has no words for: keys that begin with the cohort or the import, and indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from program.database import execute

ID = "2026-11-20T16:00:01:000002"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes of imports and changes of gates."

STATEMENTS = (
    # What belongs to an enrolment or an activity belongs to its cohort: one check of it is enough.
    *(
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_cohort_fkey"
        for table in ("activity", "observation", "post_alias", "member_month")
    ),
    "DROP INDEX observation_of_activity",
    "ALTER TABLE observation DROP CONSTRAINT observation_pkey, ADD PRIMARY KEY (cohort, activity, id)",
    "ALTER TABLE post_alias DROP CONSTRAINT post_alias_pkey, ADD PRIMARY KEY (cohort, id)",
    "ALTER TABLE post_alias ADD CONSTRAINT post_alias_activity_fkey"
    " FOREIGN KEY (cohort, activity) REFERENCES activity (cohort, id) ON DELETE CASCADE",
    "CREATE INDEX post_alias_of_activity ON post_alias (cohort, activity)",
    "ALTER TABLE activity_import_row DROP CONSTRAINT activity_import_row_pkey, ADD PRIMARY KEY (activity_import, line)",
    "CREATE INDEX deleted_activity_in_order ON deleted_activity (deleted_at)",
    "CREATE INDEX activity_import_of_person ON activity_import (person, program, made_at DESC)",
    "CREATE INDEX activity_import_waiting ON activity_import (made_at) WHERE state IN ('sent', 'confirmed')",
    "CREATE INDEX gate_change_of_gate ON gate_change (gate, changed_at DESC)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="cohorts", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(run)
    return manager
