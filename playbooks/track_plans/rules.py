"""What a track is to teach, whom it is for, and what it gives."""

from dataclasses import dataclass
from uuid import UUID

from playbooks.assessments.rules import QUESTIONS_ASKED
from playbooks.clearances.rules import Clearance


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPlan:
    """A track as a lead lays it out. It teaches `chapters` of the playbook, of which it cannot do without the first, to people
    in `phases`, from a level up if one is named, who have passed the tracks in `needs`; where it is `required`, passing it
    makes them active.
    """

    name: str
    purpose: str
    chapters: tuple[str, ...]
    phases: tuple[UUID, ...]
    required: bool
    grants: Clearance
    needs: tuple[UUID, ...] = ()
    level_from: int | None = None
    questions_asked: int = QUESTIONS_ASKED
