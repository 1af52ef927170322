"""Who is there when the killing begins: a lead, a sponsor, members of a running pilot, and people to be invited."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from cohorts.activities.keeping import lock_cohorts
from cohorts.months.actions import retake_months
from program.database import close_pool, execute, fetch_value, open_pool, transaction
from program.installation.queries import machine_now
from program.programs.actions import list_people
from program.roles.actions import grant_role
from program.roles.rules import Role
from program.sign_in.actions import hashed_password, keep_password
from program.social_accounts.actions import add_account, consent
from program.social_accounts.rules import Account, Network, Stance
from tests.cast import a_form, a_listed_person, a_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, the_gate

PASSWORD = "a short sentence that I remember"
MEMBERS, TO_INVITE = 4, 250
TRACKED_FOR = timedelta(days=100)
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Addresses to sign in with, and what forms name. `started` is the day since which the pilot is tracked."""

    home: str
    lead: str
    sponsor: str
    members: list[str]
    cohort: UUID
    gate: UUID
    to_invite: list[UUID]
    started: datetime


async def within(url: str, make: Callable[[], Awaitable[_Made]]) -> _Made:
    """What `make` answers, with a pool to that database open."""
    await open_pool(url)
    try:
        return await make()
    finally:
        await close_pool()


async def make_scene() -> Scene:
    now = machine_now()
    started = now - TRACKED_FOR
    lead = await an_owner("Lena Lead")
    program = await a_program(lead, now=started - timedelta(days=30))
    sponsor = await a_listed_person(program, lead, "Sam Sponsor")
    await grant_role(Role.SPONSOR, program=program, to=sponsor, by=lead, now=now)
    cohort = await a_cohort(program, lead, start=started.date())
    await execute("UPDATE phase SET capacity = NULL WHERE program = $1", program)
    members = [await _a_member(program, lead, cohort, number, started) for number in range(MEMBERS)]
    people = [await a_person(f"Ida Invited {number}") for number in range(TO_INVITE)]
    hashed = await hashed_password(PASSWORD)
    async with transaction():
        await list_people(program, people, by=lead, now=now)
        await lock_cohorts([cohort])
        await retake_months(cohort, from_on=started.date(), today=now.date(), now=now)
        for person in (lead, sponsor, *members):
            await keep_password(person, hashed, now)
    return Scene(
        home=f"/programs/{await fetch_value('SELECT slug FROM program WHERE id = $1', program)}",
        lead=await _email(lead),
        sponsor=await _email(sponsor),
        members=[await _email(member) for member in members],
        cohort=cohort,
        gate=await the_gate(program),
        to_invite=people,
        started=started,
    )


async def _a_member(program: UUID, lead: UUID, cohort: UUID, number: int, started: datetime) -> UUID:
    """Somebody who has been active since the first day, and whose posts may be tracked since then."""
    member, day = await a_listed_person(program, lead, f"Mia Member {number}"), started.date()
    await a_member(cohort, [("active", day, None)], member)
    account = Account(
        network=Network.LINKEDIN,
        handle=f"mia-{number}",
        address="",
        stance=Stance.PERSONAL,
        disclosure="I work at Example.",
    )
    by: dict[str, Any] = {"program": program, "by": member, "now": started}
    id = await add_account(account, **by, sent=a_form())
    await consent(id, from_on=day, tracking_start=day, today=day, **by)
    return member


async def _email(person: UUID) -> str:
    return str(await fetch_value("SELECT email FROM person WHERE id = $1", person))
