"""Inviting people into a cohort, and their yes or no."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from cohorts.choosing.actions import forget_choice
from cohorts.cohorts.actions import prepare_if_it_may
from cohorts.cohorts.rules import ENDED
from cohorts.enrolments.actions import CohortHasEnded, MemberStays, begin_spell, begin_spells, stepping
from cohorts.enrolments.rules import EnrolmentState, EnrolmentStep, what_bars, what_is_full
from cohorts.enrolments.words import no_room_sentence
from cohorts.invitations.queries import KNOWN
from cohorts.invitations.rules import INVITATION_LASTS, InvitationFacts, InvitationState, invitation_state
from cohorts.invitations.words import over_sentence
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.events.actions import Letter, record
from program.form_keys.actions import Sent, first_result
from program.refusals import NotFound, Refusal
from program.roles.actions import require_lead
from program.sign_in.actions import begin_session, hashed_password, keep_password
from program.sign_in.rules import NONCE_BYTES
from program.words import gettext as _


class NobodyChosen(Refusal):
    field = "people"

    def sentence(self) -> str:
        return _("Choose at least one person.")


class PhaseIsFull(Refusal):
    field = "people"

    def sentence(self) -> str:
        return no_room_sentence(self.reasons[0])


class InvitationIsOver(Refusal):
    def sentence(self) -> str:
        return over_sentence(self.state)

    @property
    def state(self) -> InvitationState:
        return InvitationState(str(self.reasons[0]))


class InvitationIsForSomebodyElse(Refusal):
    def sentence(self) -> str:
        return _("This invitation is for somebody else. Sign out first if it is you after all.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Whose invitation was accepted, where it leads, and the token of a new session, for whoever never signed in before."""

    person: UUID
    program: UUID
    slug: str
    token: str | None


async def invite(
    people: Sequence[UUID],
    *,
    cohort: UUID,
    program: UUID,
    by: UUID,
    now: datetime,
    today: date,
    sent: Sent,
) -> None:
    """A lead invites some of the program's people into a cohort, each by letter; an invitation that waits is replaced.

    A forming cohort prepares from now on, if no gate before it is shut. Refused as a whole where the phase has not
    room for all of them, or one has answered already.
    """
    chosen = list(dict.fromkeys(people))
    if not chosen:
        raise NobodyChosen
    async with transaction():
        await require_lead(program, by)
        row = await _locked(cohort, program)
        if await first_result(sent, by=by, at=now, result=cohort) is not None:
            return
        if row["state"] in ENDED:
            raise CohortHasEnded
        await _require_listed(chosen, program)
        known = await _enrolments(cohort, chosen)
        await _require_room(row, [person for person in chosen if _needs_place(known.get(person))])
        enrolments = {person: known[person][0] for person in chosen if person in known}
        enrolments |= await _enrol(cohort, [person for person in chosen if person not in known], by, now)
        begun = [
            enrolments[person] for person in chosen if person not in known or known[person][1] != "invited"
        ]
        await begin_spells(cohort, begun, EnrolmentState.INVITED, on=today, by=by, now=now)
        nonces = await _send(cohort, list(enrolments.values()), by, now)
        await forget_choice(chosen, cohort=cohort)
        await prepare_if_it_may(cohort, program=program)
        await record(
            "people_invited",
            program=program,
            by=by,
            at=now,
            subject=cohort,
            facts={"count": len(chosen)},
            letters=[
                Letter(
                    to=person,
                    letter="invitation",
                    facts={
                        "cohort": str(cohort),
                        "enrolment": str(enrolment),
                        "program": str(program),
                        "nonce": nonces[enrolment].hex(),
                    },
                )
                for person, enrolment in enrolments.items()
            ],
        )


async def withdraw_invitation(
    cohort: UUID, enrolment: UUID, *, program: UUID, by: UUID, now: datetime, today: date
) -> None:
    """A lead takes an invitation back that was not answered; its place is free again."""
    async with transaction():
        await require_lead(program, by)
        member = await stepping(EnrolmentStep.UNINVITE, cohort, enrolment, program=program)
        await execute(
            "UPDATE invitation SET withdrawn_at = $3"
            " WHERE cohort = $1 AND enrolment = $2 AND answered_at IS NULL AND withdrawn_at IS NULL",
            cohort,
            enrolment,
            now,
        )
        await begin_spell(cohort, enrolment, member.to, on=today, by=by, now=now)
        await record(
            "invitation_withdrawn", program=program, by=by, at=now, about=member.person, subject=enrolment
        )


async def accept_invitation(
    nonce: bytes, *, password: str, signed_in: UUID | None, now: datetime, machine_now: datetime
) -> Accepted:
    """The holder of the link says yes. Whoever never signed in before is signed in, and may set a password ("" is none).

    Refused where it was answered, withdrawn or is too old, or somebody else is signed in. A link signs nobody in who
    has been here before: whoever hands it on cannot become them.
    """
    hashed = await hashed_password(password) if password else None
    async with transaction():
        row = await _open_invitation(nonce, signed_in, now)
        member = await stepping(EnrolmentStep.ACCEPT, row["cohort"], row["enrolment"], program=row["program"])
        await _answer(row, InvitationState.ACCEPTED, now)
        await begin_spell(
            row["cohort"], row["enrolment"], member.to, on=_day(row, now), by=member.person, now=now
        )
        token = None
        if not row["known"]:
            if hashed:
                await keep_password(member.person, hashed, machine_now)
            token = await begin_session(member.person, machine_now)
        await record(
            "invitation_accepted",
            program=row["program"],
            by=member.person,
            at=now,
            subject=row["enrolment"],
        )
        return Accepted(person=member.person, program=row["program"], slug=row["slug"], token=token)


async def decline_invitation(nonce: bytes, *, reason: str, signed_in: UUID | None, now: datetime) -> None:
    """The holder of the link says no, without having to say why. Refused as `accept_invitation` is."""
    async with transaction():
        row = await _open_invitation(nonce, signed_in, now)
        member = await stepping(
            EnrolmentStep.DECLINE, row["cohort"], row["enrolment"], program=row["program"]
        )
        await _answer(row, InvitationState.DECLINED, now)
        await begin_spell(
            row["cohort"],
            row["enrolment"],
            member.to,
            on=_day(row, now),
            by=member.person,
            now=now,
            reason=reason or None,
        )
        await record(
            "invitation_declined",
            program=row["program"],
            by=member.person,
            at=now,
            subject=row["enrolment"],
        )


async def _locked(cohort: UUID, program: UUID) -> asyncpg.Record:
    row = await fetch_row(
        "SELECT c.state, c.phase FROM cohort c WHERE c.id = $1 AND c.program = $2 FOR UPDATE", cohort, program
    )
    if row is None:
        raise NotFound
    return row


async def _require_listed(people: list[UUID], program: UUID) -> None:
    found = await fetch_value(
        "SELECT count(*) FROM listing l WHERE l.program = $1 AND l.person = ANY($2::uuid[])"
        " AND NOT EXISTS (SELECT FROM departure d WHERE d.person = l.person AND d.returned_at IS NULL)",
        program,
        people,
    )
    if found != len(people):
        raise NotFound


async def _enrolments(cohort: UUID, people: list[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Of whoever was enrolled here before: the enrolment and its state. Raises where one cannot be invited anew."""
    rows = await fetch(
        "SELECT e.person, e.id, s.state FROM enrolment e"
        " JOIN spell s ON s.cohort = e.cohort AND s.enrolment = e.id AND s.until_on IS NULL"
        " WHERE e.cohort = $1 AND e.person = ANY($2::uuid[])",
        cohort,
        people,
    )
    for row in rows:
        bar = what_bars(EnrolmentStep.INVITE, EnrolmentState(row["state"]))
        if bar:
            raise MemberStays(bar)
    return {row["person"]: (row["id"], row["state"]) for row in rows}


def _needs_place(known: tuple[UUID, str] | None) -> bool:
    return known is None or known[1] != EnrolmentState.INVITED


async def _require_room(cohort: asyncpg.Record, asked: list[UUID]) -> None:
    """The phase is locked until the end, so that two cohorts of it cannot take its last place both."""
    capacity = await fetch_value("SELECT capacity FROM phase WHERE id = $1 FOR UPDATE", cohort["phase"])
    taken = await fetch_value(
        "SELECT count(*) FROM cohort c JOIN spell s ON s.cohort = c.id AND s.until_on IS NULL"
        " WHERE c.phase = $1 AND s.state NOT IN ('declined', 'withdrawn')",
        cohort["phase"],
    )
    full = what_is_full(asked=len(asked), taken=taken, capacity=capacity)
    if full:
        raise PhaseIsFull(full)


async def _enrol(cohort: UUID, people: list[UUID], by: UUID, now: datetime) -> dict[UUID, UUID]:
    enrolments = {person: new_id() for person in people}
    await execute(
        "INSERT INTO enrolment (id, cohort, person, made_at, made_by)"
        " SELECT unnest($1::uuid[]), $2, unnest($3::uuid[]), $4, $5",
        list(enrolments.values()),
        cohort,
        list(enrolments),
        now,
        by,
    )
    return enrolments


async def _send(cohort: UUID, enrolments: list[UUID], by: UUID, now: datetime) -> dict[UUID, bytes]:
    """A new invitation for each, in place of the one that waits; answers the nonces of their links."""
    nonces = {enrolment: secrets.token_bytes(NONCE_BYTES) for enrolment in enrolments}
    await execute(
        "UPDATE invitation SET withdrawn_at = $3 WHERE cohort = $1 AND enrolment = ANY($2::uuid[])"
        " AND answered_at IS NULL AND withdrawn_at IS NULL",
        cohort,
        enrolments,
        now,
    )
    await execute(
        "INSERT INTO invitation (id, cohort, enrolment, nonce, invited_at, invited_by, expires_at)"
        " SELECT unnest($1::uuid[]), $2, unnest($3::uuid[]), unnest($4::bytea[]), $5, $6, $7",
        [new_id() for _ in enrolments],
        cohort,
        enrolments,
        list(nonces.values()),
        now,
        by,
        now + INVITATION_LASTS,
    )
    return nonces


async def _open_invitation(nonce: bytes, signed_in: UUID | None, now: datetime) -> asyncpg.Record:
    """The invitation with its cohort locked. Raises where it cannot be answered, or not by whoever is signed in."""
    cohort = await fetch_value("SELECT cohort FROM invitation WHERE nonce = $1", nonce)
    await execute("SELECT FROM cohort WHERE id = $1 FOR UPDATE", cohort)
    row = await fetch_row(
        "SELECT i.cohort, i.id, i.enrolment, i.answer, i.withdrawn_at, i.expires_at, c.program, c.zone, g.slug,"
        f" e.person, {KNOWN} AS known"
        " FROM invitation i JOIN cohort c ON c.id = i.cohort JOIN program g ON g.id = c.program"
        " JOIN enrolment e ON e.cohort = i.cohort AND e.id = i.enrolment JOIN person p ON p.id = e.person"
        " WHERE i.nonce = $1"
        "  AND NOT EXISTS (SELECT FROM departure d WHERE d.person = e.person AND d.returned_at IS NULL)",
        nonce,
    )
    if row is None:
        raise NotFound
    if signed_in is not None and signed_in != row["person"]:
        raise InvitationIsForSomebodyElse
    facts = InvitationFacts(
        answer=row["answer"], withdrawn_at=row["withdrawn_at"], expires_at=row["expires_at"]
    )
    state = invitation_state(facts, now)
    if state is not InvitationState.OPEN:
        raise InvitationIsOver(state)
    return row


async def _answer(row: asyncpg.Record, answer: InvitationState, now: datetime) -> None:
    await execute(
        "UPDATE invitation SET answered_at = $3, answer = $4 WHERE cohort = $1 AND id = $2",
        row["cohort"],
        row["id"],
        now,
        answer.value,
    )


def _day(row: asyncpg.Record, now: datetime) -> date:
    return now.astimezone(ZoneInfo(row["zone"])).date()
