"""What Piccolo has no words for: keys that begin with the cohort, the foreign keys to them, and indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from program.database import execute

ID = "2026-11-20T13:00:01:000002"
VERSION = "1.38.0"
DESCRIPTION = "Keys and indexes."


def _keyed_by_cohort(table: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (cohort, id)"


def _belongs_to_enrolment(table: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_enrolment_fkey"
        " FOREIGN KEY (cohort, enrolment) REFERENCES enrolment (cohort, id) ON DELETE RESTRICT"
    )


STATEMENTS = (
    *(
        _keyed_by_cohort(table)
        for table in ("enrolment", "spell", "invitation", "activity", "observation", "reading")
    ),
    "ALTER TABLE member_month DROP CONSTRAINT member_month_pkey, ADD PRIMARY KEY (cohort, enrolment, month)",
    *(_belongs_to_enrolment(table) for table in ("spell", "invitation", "activity", "member_month")),
    "ALTER TABLE observation ADD CONSTRAINT observation_activity_fkey"
    " FOREIGN KEY (cohort, activity) REFERENCES activity (cohort, id) ON DELETE CASCADE",
    "CREATE INDEX cohort_of_phase ON cohort (phase)",
    "CREATE INDEX cohort_of_program ON cohort (program)",
    "CREATE UNIQUE INDEX cohort_pause_open ON cohort_pause (cohort) WHERE until_on IS NULL",
    "CREATE INDEX cohort_pause_of_cohort ON cohort_pause (cohort, from_on)",
    "CREATE UNIQUE INDEX cohort_left_out_current ON cohort_left_out (cohort) WHERE taken_back_at IS NULL",
    "CREATE UNIQUE INDEX coaching_current ON coaching (cohort, person) WHERE ended_at IS NULL",
    "CREATE INDEX coaching_of_person ON coaching (person) WHERE ended_at IS NULL",
    "CREATE INDEX enrolment_of_person ON enrolment (person)",
    "CREATE UNIQUE INDEX spell_open ON spell (cohort, enrolment) WHERE until_on IS NULL",
    "CREATE INDEX spell_of_cohort ON spell (cohort, enrolment, from_on)",
    "CREATE UNIQUE INDEX invitation_open ON invitation (cohort, enrolment)"
    " WHERE answered_at IS NULL AND withdrawn_at IS NULL",
    "CREATE INDEX activity_of_member ON activity (cohort, enrolment, done_on DESC, id DESC)",
    "CREATE INDEX activity_of_month ON activity (cohort, month, enrolment)",
    "CREATE INDEX observation_of_activity ON observation (cohort, activity, observed_at DESC)",
    "CREATE INDEX gate_of_program ON gate (program)",
    "CREATE INDEX hold_of_gate ON hold (gate, held_at DESC)",
    "CREATE INDEX recycle_of_gate ON recycle (gate, recycled_at DESC)",
    "CREATE UNIQUE INDEX vote_current ON vote (gate, person) WHERE replaced_at IS NULL",
    "CREATE UNIQUE INDEX readiness_current ON readiness (gate) WHERE ended_at IS NULL",
    "CREATE INDEX condition_of_decision ON condition (decision)",
    "CREATE UNIQUE INDEX tick_current ON tick (criterion) WHERE taken_back_at IS NULL",
    "CREATE INDEX incident_open ON incident (program) WHERE closed_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="cohorts", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(run)
    return manager
