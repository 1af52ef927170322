"""What Piccolo has no words for: what full-text search looks at, and indexes; programs that stand need no set-up."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from program.database import execute

ID = "2026-11-20T16:00:01:000003"
VERSION = "1.38.0"
DESCRIPTION = "Search, indexes, and the set-up of programs that stand."

STATEMENTS = (
    "ALTER TABLE entry ADD COLUMN searched tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A')"
    " || setweight(to_tsvector('english', chapter), 'B')"
    " || setweight(to_tsvector('english', body), 'C')) STORED",
    "CREATE INDEX entry_searched ON entry USING gin (searched)",
    "ALTER TABLE edition_entry ADD COLUMN searched tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A')"
    " || setweight(to_tsvector('english', chapter), 'B')"
    " || setweight(to_tsvector('english', body), 'C')) STORED",
    "CREATE INDEX edition_entry_searched ON edition_entry USING gin (searched)",
    "ALTER TABLE learning ADD COLUMN searched tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', lesson), 'A')"
    " || setweight(to_tsvector('english', coalesce(situation, '') || ' ' || coalesce(what_i_did, '')), 'B')"
    " || setweight(to_tsvector('english', coalesce(conversation, '') || ' ' || coalesce(outcome, '') || ' ' || coalesce(resources, '')), 'C')) STORED",
    "CREATE INDEX learning_searched ON learning USING gin (searched)",
    "CREATE INDEX verification_of_entry ON verification (entry, verified_at DESC)",
    "CREATE INDEX edition_seen_of_person ON edition_seen (person, seen_at DESC)",
    "CREATE UNIQUE INDEX scenario_run_open ON scenario_run (module, person) WHERE ended_at IS NULL",
    "INSERT INTO set_up_step (id, program, step, done_at, done_by)"
    " SELECT gen_random_uuid(), p.id, s.step, p.made_at, p.made_by FROM program p, unnest(ARRAY["
    "'purpose', 'sponsor', 'playbook', 'rollout', 'people', 'pilot', 'invitations']) AS s (step)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="playbooks", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(run)
    return manager
