"""Coming into a cohort as people do: invited, saying yes or no, saying where they speak, and what may be tracked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohorts.cohorts.actions import form_cohort, start_tracking
from cohorts.invitations.actions import accept_invitation, decline_invitation, invite
from playbooks.certificates.actions import take_up_certificates
from program.database import fetch, fetch_value
from program.network_activity.rules import HowOften
from program.people.actions import state_networks
from program.social_accounts.actions import add_account, consent
from program.social_accounts.rules import Account, Network, Stance
from workers.demo.chance import Chance
from workers.demo.links import accounts_of
from workers.demo.names import Person
from workers.demo.stage import Stage, a_form

DAILY = 6.5


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who takes part; `how_active` is about how many things they do in public in a week."""

    person: Person
    how_active: float

    @property
    def email(self) -> str:
        return self.person.email


def member(person: Person) -> Member:
    return Member(person=person, how_active=5.5 + Chance("pace", person.email).below(30) / 10)


async def form(stage: Stage, name: str, position: int, now: datetime) -> None:
    stage.cohorts[name] = await form_cohort(
        name, phase=await stage.phase(position), sent=a_form(), **stage.by(stage.lead, now)
    )


async def invite_all(stage: Stage, cohort: str, emails: Sequence[str], now: datetime) -> None:
    await invite(
        stage.everybody(emails),
        cohort=stage.cohorts[cohort],
        sent=a_form(),
        **stage.by_today(stage.lead, now),
    )


async def start(stage: Stage, cohort: str, now: datetime) -> None:
    """The cohort is tracked from today on."""
    await start_tracking(stage.cohorts[cohort], **stage.by_today(stage.lead, now))


async def _nonce(stage: Stage, cohort: str, email: str) -> bytes:
    nonce: bytes = await fetch_value(
        "SELECT i.nonce FROM invitation i WHERE i.cohort = $1 AND i.enrolment = $2 AND i.withdrawn_at IS NULL"
        " AND i.answered_at IS NULL",
        stage.cohorts[cohort],
        await stage.enrolment(cohort, email),
    )
    return nonce


async def accept(stage: Stage, cohort: str, email: str, now: datetime) -> None:
    me = stage.person(email)
    await accept_invitation(
        await _nonce(stage, cohort, email), password="", signed_in=me, now=now, machine_now=now
    )
    await take_up_certificates(me, program=stage.program, now=now)


async def decline(stage: Stage, cohort: str, email: str, reason: str, now: datetime) -> None:
    await decline_invitation(
        await _nonce(stage, cohort, email), reason=reason, signed_in=stage.person(email), now=now
    )


async def say_where(stage: Stage, who: Member, now: datetime) -> None:
    """Where one is active, in one’s own word; and one’s accounts there, with the line that tells where one works."""
    me, accounts = stage.person(who.email), accounts_of(who.person)
    often = HowOften.DAILY if who.how_active >= DAILY else HowOften.WEEKLY
    networks = [account.network.value for account in accounts]
    await state_networks(me, networks, often.value, program=stage.program, now=now)
    for own in accounts:
        account = Account(
            network=Network(own.network.value),
            handle=own.handle,
            address=own.address,
            stance=Stance(own.stance),
            disclosure=own.disclosure,
        )
        await add_account(account, sent=a_form(), **stage.by(me, now))


async def agree(stage: Stage, who: Member, now: datetime) -> None:
    """Yes to the tracking of every account from today on, or from the day on which the cohort is tracked."""
    me, today = stage.person(who.email), stage.today(now)
    for row in await fetch("SELECT id FROM social_account WHERE person = $1 ORDER BY added_at, id", me):
        await consent(row["id"], from_on=today, tracking_start=None, **stage.by_today(me, now))
