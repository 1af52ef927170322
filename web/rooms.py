"""Every room that answers HTTP. The one list from which the route table is made."""

from litestar.datastructures import CacheControlHeader
from litestar.types import ControllerRouterHandler

from web import (
    activities,
    assessments,
    certificates,
    clock,
    cohorts,
    desk,
    enrolments,
    entries,
    events,
    gates,
    health,
    incidents,
    invitations,
    learnings,
    people,
    people_imports,
    playbook,
    programs,
    roles,
    rollout,
    sign_in,
    social_accounts,
    today,
    tracks,
    training,
)
from web.visit import ANYONE, WITHOUT_VISIT, may

STATIC = {**may(ANYONE), WITHOUT_VISIT: True}
STATIC_CACHE = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)

HANDLERS: tuple[ControllerRouterHandler, ...] = (
    *health.HANDLERS,
    *clock.HANDLERS,
    *sign_in.HANDLERS,
    *programs.HANDLERS,
    *today.HANDLERS,
    *rollout.HANDLERS,
    *cohorts.HANDLERS,
    *enrolments.HANDLERS,
    *invitations.HANDLERS,
    *people.HANDLERS,
    *people_imports.HANDLERS,
    *roles.HANDLERS,
    *learnings.HANDLERS,
    *desk.HANDLERS,
    *playbook.HANDLERS,
    *entries.HANDLERS,
    *events.HANDLERS,
    *training.HANDLERS,
    *assessments.HANDLERS,
    *certificates.HANDLERS,
    *tracks.HANDLERS,
    *activities.HANDLERS,
    *social_accounts.HANDLERS,
    *gates.HANDLERS,
    *incidents.HANDLERS,
)
