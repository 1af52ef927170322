"""Who is reading, and in which roles. Roles add up."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do. Owner belongs to the installation; lead, sponsor and reviewer are granted in a program;
    coach, pilot member and ambassador follow from a cohort; listed is everybody among the program's people.
    """

    OWNER = "owner"
    LEAD = "lead"
    SPONSOR = "sponsor"
    REVIEWER = "reviewer"
    COACH = "coach"
    PILOT_MEMBER = "pilot_member"
    AMBASSADOR = "ambassador"
    LISTED = "listed"


GRANTED = (Role.LEAD, Role.SPONSOR, Role.REVIEWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The reader's own enrolment in one cohort, as it stands now."""

    cohort: UUID
    enrolment: UUID
    state: str
    pilot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The signed-in person, within one program. Whatever they may see or do follows from this value.

    The cohorts floor fills in `coached` and `memberships`.
    """

    person: UUID
    name: str
    owner: bool
    program: UUID
    granted: frozenset[Role]
    listed: bool
    coached: frozenset[UUID]
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> frozenset[Role]:
        found = set(self.granted)
        found.update({Role.OWNER} if self.owner else ())
        found.update({Role.LISTED} if self.listed else ())
        found.update({Role.COACH} if self.coached else ())
        for membership in self.memberships:
            if membership.state in TAKING_PART:
                inside = membership.pilot and membership.state in JOINED
                found.add(Role.PILOT_MEMBER if inside else Role.AMBASSADOR)
        return frozenset(found)

    def is_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def enrolment_in(self, cohort: UUID) -> Membership | None:
        return next((membership for membership in self.memberships if membership.cohort == cohort), None)


JOINED = frozenset({"preparing", "active", "paused", "finished"})
TAKING_PART = JOINED | {"invited"}
