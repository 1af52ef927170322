"""In which order the draft of the playbook stands."""

from uuid import UUID

from playbooks.chapters.rules import Order, Place
from program.database import fetch


async def standing_order(program: UUID) -> Order:
    """Within an action: every entry of the draft, with those withdrawn, in the order in which they are read."""
    rows = await fetch(
        "SELECT id, chapter, withdrawn_at IS NOT NULL AS withdrawn,"
        " min(position) FILTER (WHERE withdrawn_at IS NULL) OVER (PARTITION BY chapter) AS chapter_position"
        " FROM entry WHERE program = $1 ORDER BY chapter_position NULLS LAST, chapter, position, id",
        program,
    )
    return tuple(Place(row["id"], row["chapter"], row["withdrawn"]) for row in rows)
