"""What a lead can choose from when they lay out a track."""

from dataclasses import dataclass

from playbooks.entries.queries import draft
from playbooks.tracks.rules import Named
from program.database import fetch
from program.refusals import NotFound
from program.roles.rules import Reader, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoices:
    """The chapters of the draft as they are read, the phases of the rollout, and the tracks there are."""

    chapters: tuple[str, ...]
    phases: tuple[Named, ...]
    tracks: tuple[Named, ...]


async def plan_choices(seen_by: Reader) -> PlanChoices:
    """For leads."""
    if not seen_by.is_any(Role.LEAD):
        raise NotFound
    phases = await fetch("SELECT id, name FROM phase WHERE program = $1 ORDER BY position", seen_by.program)
    tracks = await fetch("SELECT id, name FROM track WHERE program = $1 ORDER BY name", seen_by.program)
    return PlanChoices(
        chapters=tuple(chapter.name for chapter in (await draft(seen_by)).chapters),
        phases=tuple(Named(**row) for row in phases),
        tracks=tuple(Named(**row) for row in tracks),
    )
