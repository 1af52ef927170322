"""Who did what to what, when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from cohorts.activities import words as activities
from cohorts.activity_imports import words as activity_imports
from cohorts.cohorts import words as cohorts
from cohorts.criteria import words as criteria
from cohorts.decisions import words as decisions
from cohorts.enrolments import words as enrolments
from cohorts.gate_changes import words as gate_changes
from cohorts.gates import words as gates
from cohorts.incidents import words as incidents
from cohorts.invitations import words as invitations
from cohorts.phases import words as phases
from playbooks.assessments import words as assessments
from playbooks.certificates import words as certificates
from playbooks.chapters import words as chapters
from playbooks.editions import words as editions
from playbooks.entries import words as entries
from playbooks.learnings import words as learnings
from playbooks.revisions import words as revisions
from playbooks.scenarios import words as scenarios
from playbooks.set_up import words as set_up
from playbooks.tracks import words as tracks
from playbooks.verifications import words as verifications
from program.events.queries import Happening, happenings
from program.installation import words as installation
from program.letters import words as letters
from program.people import words as people
from program.people_imports import words as people_imports
from program.programs import words as programs
from program.roles import words as roles
from program.roles.rules import Role
from program.sign_in import words as sign_in
from program.social_accounts import words as social_accounts
from program.words import gettext as _
from web.pages import at, page
from web.visit import EVERYBODY_LISTED, Visit, may

ROOMS: tuple[Mapping[str, Callable[[Mapping[str, Any]], str]], ...] = (
    activities.EVENTS,
    activity_imports.EVENTS,
    assessments.EVENTS,
    certificates.EVENTS,
    chapters.EVENTS,
    cohorts.EVENTS,
    criteria.EVENTS,
    decisions.EVENTS,
    editions.EVENTS,
    enrolments.EVENTS,
    entries.EVENTS,
    gate_changes.EVENTS,
    gates.EVENTS,
    incidents.EVENTS,
    installation.EVENTS,
    invitations.EVENTS,
    learnings.EVENTS,
    letters.EVENTS,
    people.EVENTS,
    people_imports.EVENTS,
    phases.EVENTS,
    programs.EVENTS,
    revisions.EVENTS,
    roles.EVENTS,
    scenarios.EVENTS,
    set_up.EVENTS,
    sign_in.EVENTS,
    social_accounts.EVENTS,
    tracks.EVENTS,
    verifications.EVENTS,
)
SENTENCES = {name: sentence for room in ROOMS for name, sentence in room.items()}
BETWEEN_REVIEWERS = ("incident_reported", "incident_closed")
ON_A_PAGE = 50
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An event in words: who did what, about whom (where that is somebody else), when."""

    who: str
    what: str
    about: str | None
    at: datetime


@get("/programs/{program:str}/events", opt=may(Role.LEAD, Role.REVIEWER))
async def index(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """Everything that happened in the program."""
    return await _events_page(request, visit, only_own=False)


@get("/programs/{program:str}/events/mine", opt=may(*EVERYBODY_LISTED, Role.OWNER))
async def mine(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    """What the reader did, and what was done about them."""
    return await _events_page(request, visit, only_own=True)


async def _events_page(request: Request[Any, Any, Any], visit: Visit, *, only_own: bool) -> Template:
    found = await happenings(
        visit.program.id,
        seen_by=visit.by.person,
        only_own=only_own,
        without_names=() if visit.reader.is_any(Role.REVIEWER) else BETWEEN_REVIEWERS,
        before=_number(request.query_params.get("before", "")),
        most=ON_A_PAGE + 1,
    )
    shown, more = found[:ON_A_PAGE], found[ON_A_PAGE:]
    return page(
        request,
        "events/index.html",
        lines=[line(happening) for happening in shown],
        older=shown[-1].number if more else None,
        whole=visit.reader.is_any(Role.LEAD, Role.REVIEWER),
        only_own=only_own,
        all_events=at(visit, "events"),
        own_events=at(visit, "events", "mine"),
    )


def line(happening: Happening) -> Line:
    """An event in words; who did it is not said where that stays between reviewers."""
    hidden = happening.by_name is None and happening.name in BETWEEN_REVIEWERS
    nobody = _("Somebody") if hidden else "Pilotage"
    return Line(
        who=happening.by_name or nobody,
        what=SENTENCES[happening.name](happening.facts),
        about=happening.about_name,
        at=happening.at,
    )


def _number(text: str) -> int | None:
    """An event's number in the address; anything else asks for the newest."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


HANDLERS = (index, mine)
