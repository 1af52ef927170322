"""What Piccolo has no words for: foreign keys of several columns, and indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from program.database import execute

ID = "2026-11-20T13:00:01:000003"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes."

STATEMENTS = (
    "ALTER TABLE learning ADD CONSTRAINT learning_enrolment_fkey"
    " FOREIGN KEY (cohort, enrolment) REFERENCES enrolment (cohort, id) ON DELETE RESTRICT",
    "ALTER TABLE certificate ADD CONSTRAINT certificate_enrolment_fkey"
    " FOREIGN KEY (cohort, enrolment) REFERENCES enrolment (cohort, id) ON DELETE RESTRICT",
    "CREATE INDEX entry_of_program ON entry (program, position) WHERE withdrawn_at IS NULL",
    "CREATE INDEX learning_of_author ON learning (author, program, made_at DESC)",
    "CREATE INDEX learning_waiting ON learning (program, submitted_at) WHERE state = 'submitted'",
    "CREATE INDEX learning_of_cohort ON learning (cohort, state)",
    "CREATE UNIQUE INDEX review_decided ON review (learning) WHERE outcome <> 'returned'",
    "CREATE INDEX review_of_learning ON review (learning, reviewed_at DESC)",
    "CREATE INDEX edition_entry_of_entry ON edition_entry (entry)",
    "CREATE INDEX track_of_gate ON track (opens_with)",
    "CREATE INDEX track_phase_of_phase ON track_phase (phase)",
    "CREATE INDEX completion_of_person ON completion (person)",
    "CREATE INDEX beginning_of_person ON beginning (person)",
    "CREATE UNIQUE INDEX attempt_open ON attempt (module, person) WHERE handed_in_at IS NULL",
    "CREATE INDEX certificate_of_person ON certificate (person, track)",
    "CREATE INDEX certificate_of_cohort ON certificate (cohort)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="playbooks", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(run)
    return manager
