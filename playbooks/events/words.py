"""What every event says, from whichever room it comes."""

from collections.abc import Callable, Mapping
from typing import Any

from cohorts.activities import words as activities
from cohorts.activity_imports import words as activity_imports
from cohorts.activity_lists import words as activity_lists
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
from playbooks.reminders import words as reminders
from playbooks.revisions import words as revisions
from playbooks.scenarios import words as scenarios
from playbooks.set_up import words as set_up
from playbooks.track_plans import words as track_plans
from playbooks.tracks import words as tracks
from playbooks.verifications import words as verifications
from program.access_tokens import words as access_tokens
from program.installation import words as installation
from program.letters import words as letters
from program.people import words as people
from program.people_imports import words as people_imports
from program.programs import words as programs
from program.roles import words as roles
from program.sign_in import words as sign_in
from program.social_accounts import words as social_accounts

ROOMS: tuple[Mapping[str, Callable[[Mapping[str, Any]], str]], ...] = (
    access_tokens.EVENTS,
    activities.EVENTS,
    activity_imports.EVENTS,
    activity_lists.EVENTS,
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
    reminders.EVENTS,
    revisions.EVENTS,
    roles.EVENTS,
    scenarios.EVENTS,
    set_up.EVENTS,
    sign_in.EVENTS,
    social_accounts.EVENTS,
    track_plans.EVENTS,
    tracks.EVENTS,
    verifications.EVENTS,
)
SENTENCES = {name: sentence for room in ROOMS for name, sentence in room.items()}
