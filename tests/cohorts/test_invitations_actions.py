import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from cohorts.cohorts.actions import form_cohort
from cohorts.enrolments.actions import CohortHasEnded, MemberStays, leave_cohort
from cohorts.invitations.actions import (
    InvitationIsForSomebodyElse,
    InvitationIsOver,
    NobodyChosen,
    PhaseIsFull,
    accept_invitation,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from cohorts.invitations.rules import INVITATION_LASTS, InvitationState
from program.database import execute, fetch, fetch_row, fetch_value, new_id, transaction
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Role
from program.sign_in.actions import PasswordTooShort, begin_session
from tests.cast import NOON, a_form, a_listed_person, a_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import an_opened_gate, state_of

TODAY = date(2026, 6, 1)
pytestmark = pytest.mark.usefixtures("database")


class Stage:
    """A program with a forming cohort."""

    def __init__(self, lead: UUID, program: UUID, cohort: UUID) -> None:
        self.lead, self.program, self.cohort = lead, program, cohort

    async def person(self, name: str = "Mia Member") -> UUID:
        return await a_listed_person(self.program, self.lead, name)

    async def cohort_of(self, position: int, name: str) -> UUID:
        phase = await fetch_value(
            "SELECT id FROM phase WHERE program = $1 AND position = $2", self.program, position
        )
        return await form_cohort(
            name, phase=phase, program=self.program, by=self.lead, now=NOON, sent=a_form(name)
        )

    async def invites(self, *people: UUID, **told: Any) -> None:
        await invite(
            people,
            **{
                "cohort": self.cohort,
                "program": self.program,
                "by": self.lead,
                "now": NOON,
                "today": TODAY,
                "sent": a_form(),
                **told,
            },
        )

    async def withdraws(self, person: UUID, **told: Any) -> None:
        await withdraw_invitation(
            self.cohort,
            await enrolment_of(person),
            **{"program": self.program, "by": self.lead, "now": NOON, "today": TODAY, **told},
        )


@pytest.fixture
async def stage(database: str) -> Stage:
    lead = await an_owner()
    stage = Stage(lead, await a_program(lead), new_id())
    stage.cohort = await stage.cohort_of(0, "Pilot")
    return stage


async def enrolment_of(person: UUID) -> UUID:
    enrolment: UUID = await fetch_value("SELECT id FROM enrolment WHERE person = $1", person)
    return enrolment


async def nonce_of(person: UUID) -> bytes:
    """The nonce of the newest invitation of somebody."""
    nonce: bytes = await fetch_value(
        "SELECT i.nonce FROM invitation i JOIN enrolment e ON e.id = i.enrolment WHERE e.person = $1"
        " ORDER BY i.id DESC LIMIT 1",
        person,
    )
    return nonce


async def accepts(person: UUID, **told: Any) -> str | None:
    accepted = await accept_invitation(
        await nonce_of(person),
        **{"password": "", "signed_in": None, "now": NOON, "machine_now": NOON, **told},
    )
    return accepted.token


async def cohort_state(cohort: UUID) -> str:
    state: str = await fetch_value("SELECT state FROM cohort WHERE id = $1", cohort)
    return state


async def test_people_are_invited_each_by_letter_and_the_pilot_prepares(stage: Stage) -> None:
    mia, noa = await stage.person("Mia"), await stage.person("Noa")
    await stage.invites(mia, noa, mia)
    letters = await fetch(
        "SELECT recipient, facts FROM delivery WHERE letter = 'invitation' ORDER BY recipient"
    )
    assert [row["recipient"] for row in letters] == sorted([mia, noa])
    facts = json.loads(letters[0]["facts"])
    assert bytes.fromhex(facts["nonce"]) == await nonce_of(letters[0]["recipient"])
    assert UUID(facts["cohort"]) == stage.cohort
    assert await state_of(await enrolment_of(mia)) == "invited"
    assert await cohort_state(stage.cohort) == "preparing"
    event = await fetch_row("SELECT name, facts FROM event ORDER BY at DESC, number DESC LIMIT 1")
    assert event is not None
    assert (event["name"], json.loads(event["facts"])) == ("people_invited", {"count": 2})


async def test_people_are_invited_into_a_later_cohort_before_its_gate_opens(stage: Stage) -> None:
    circle = await stage.cohort_of(1, "First circle")
    await stage.invites(await stage.person("Mia"), cohort=circle)
    assert await cohort_state(circle) == "forming"
    await an_opened_gate(stage.program)
    await stage.invites(await stage.person("Noa"), cohort=circle)
    assert await cohort_state(circle) == "preparing"


async def test_the_same_form_sent_twice_invites_once(stage: Stage) -> None:
    mia, sent = await stage.person(), a_form("Mia")
    await stage.invites(mia, sent=sent)
    await stage.invites(mia, sent=sent)
    assert await fetch_value("SELECT count(*) FROM invitation") == 1


async def test_only_a_lead_invites_or_withdraws(stage: Stage) -> None:
    mia = await stage.person()
    sponsor = await a_person_with(Role.SPONSOR, stage.program, stage.lead, "Sam Sponsor")
    with pytest.raises(NotAllowed):
        await stage.invites(mia, by=sponsor)
    await stage.invites(mia)
    with pytest.raises(NotAllowed):
        await stage.withdraws(mia, by=sponsor)


async def test_nobody_chosen_is_refused(stage: Stage) -> None:
    with pytest.raises(NobodyChosen):
        await stage.invites()


async def test_whoever_is_not_listed_or_left_the_company_is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await stage.invites(await a_person())
    gone = await stage.person("Gone Girl")
    await execute(
        "INSERT INTO departure (id, person, departed_at, by) VALUES ($1, $2, $3, $4)",
        new_id(),
        gone,
        NOON,
        stage.lead,
    )
    with pytest.raises(NotFound):
        await stage.invites(gone)


async def test_a_cohort_of_another_program_is_not_found(stage: Stage) -> None:
    other = await a_program(stage.lead, "Another")
    with pytest.raises(NotFound):
        await stage.invites(await stage.person(), program=other)


async def test_a_phase_takes_no_more_people_than_it_has_places_for(stage: Stage) -> None:
    await execute("UPDATE phase SET capacity = 2 WHERE position = 0")
    mia, noa, pia = await stage.person("Mia"), await stage.person("Noa"), await stage.person("Pia")
    with pytest.raises(PhaseIsFull) as refused:
        await stage.invites(mia, noa, pia)
    assert "2 places, and 2 are free: you chose 3" in refused.value.sentence()
    assert await fetch_value("SELECT count(*) FROM enrolment") == 0
    await stage.invites(mia)
    second = await stage.cohort_of(0, "Pilot B")
    await stage.invites(noa, cohort=second)
    with pytest.raises(PhaseIsFull) as refused:
        await stage.invites(pia)
    assert "All 2 places of this phase are taken" in refused.value.sentence()
    await stage.invites(mia)
    await stage.withdraws(mia)
    await stage.invites(pia)
    assert await state_of(await enrolment_of(pia)) == "invited"


async def test_two_cohorts_do_not_share_the_last_place(stage: Stage) -> None:
    await execute("UPDATE phase SET capacity = 1 WHERE position = 0")
    second = await stage.cohort_of(0, "Pilot B")
    people = [await stage.person(f"Person {number}") for number in range(4)]
    answers = await asyncio.gather(
        *(
            stage.invites(person, cohort=stage.cohort if place % 2 else second)
            for place, person in enumerate(people)
        ),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] + ["PhaseIsFull"] * 3


async def test_a_new_invitation_takes_the_place_of_the_one_that_waits(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    first = await nonce_of(mia)
    await stage.invites(mia, now=NOON + timedelta(days=40))
    with pytest.raises(InvitationIsOver) as refused:
        await accept_invitation(first, password="", signed_in=None, now=NOON, machine_now=NOON)
    assert refused.value.state is InvitationState.WITHDRAWN
    assert await fetch_value("SELECT count(*) FROM spell") == 1
    await accepts(mia, now=NOON + timedelta(days=41))
    assert await state_of(await enrolment_of(mia)) == "preparing"


async def test_whoever_said_yes_is_not_invited_again(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    await accepts(mia)
    with pytest.raises(MemberStays) as refused:
        await stage.invites(mia)
    assert "preparing here already" in refused.value.sentence()
    with pytest.raises(MemberStays):
        await stage.withdraws(mia)


async def test_nobody_is_invited_into_a_cohort_that_has_ended(stage: Stage) -> None:
    await execute("UPDATE cohort SET state = 'stopped' WHERE id = $1", stage.cohort)
    with pytest.raises(CohortHasEnded):
        await stage.invites(await stage.person())


async def test_a_yes_signs_in_whoever_was_never_here_with_the_password_they_chose(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    assert await accepts(mia, password="a good long one") is not None
    assert await fetch_value("SELECT count(*) FROM password WHERE person = $1", mia) == 1
    assert await fetch_value("SELECT count(*) FROM session WHERE person = $1", mia) == 1
    row = await fetch_row(
        'SELECT name, "by" FROM event WHERE program IS NOT NULL ORDER BY number DESC LIMIT 1'
    )
    assert row is not None
    assert tuple(row) == ("invitation_accepted", mia)


async def test_a_password_that_is_too_short_changes_nothing(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    with pytest.raises(PasswordTooShort):
        await accepts(mia, password="short")
    assert await state_of(await enrolment_of(mia)) == "invited"


async def test_a_link_signs_nobody_in_who_has_been_here_before(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    async with transaction():
        await begin_session(mia, NOON)
    assert await accepts(mia, password="a password of somebody else") is None
    assert await fetch_value("SELECT count(*) FROM password") == 0
    assert await state_of(await enrolment_of(mia)) == "preparing"


async def test_an_owner_is_not_signed_in_by_an_invitation(stage: Stage) -> None:
    await stage.invites(stage.lead)
    assert await accepts(stage.lead) is None


async def test_a_second_yes_is_refused_and_signs_nobody_in(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    await accepts(mia)
    with pytest.raises(InvitationIsOver) as refused:
        await accepts(mia)
    assert refused.value.state is InvitationState.ACCEPTED
    assert "Sign in" in refused.value.sentence()
    assert await fetch_value("SELECT count(*) FROM session WHERE person = $1", mia) == 1


async def test_of_many_who_say_yes_at_once_with_one_link_one_is_signed_in(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    answers = await asyncio.gather(*(accepts(mia) for _ in range(4)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["InvitationIsOver"] * 3 + ["str"]


async def test_an_invitation_that_is_too_old_cannot_be_answered(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    with pytest.raises(InvitationIsOver) as refused:
        await accepts(mia, now=NOON + INVITATION_LASTS)
    assert refused.value.state is InvitationState.EXPIRED


async def test_somebody_else_who_is_signed_in_cannot_answer(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    with pytest.raises(InvitationIsForSomebodyElse) as refused:
        await accepts(mia, signed_in=stage.lead)
    assert refused.value.sentence().startswith("This invitation is for somebody else")
    with pytest.raises(InvitationIsForSomebodyElse):
        await decline_invitation(await nonce_of(mia), reason="", signed_in=stage.lead, now=NOON)
    await accepts(mia, signed_in=mia)


async def test_the_link_of_whoever_left_the_company_is_unknown(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    await execute(
        "INSERT INTO departure (id, person, departed_at, by) VALUES ($1, $2, $3, $4)",
        new_id(),
        mia,
        NOON,
        stage.lead,
    )
    with pytest.raises(NotFound):
        await accepts(mia)
    with pytest.raises(NotFound):
        await accept_invitation(b"x" * 16, password="", signed_in=None, now=NOON, machine_now=NOON)


async def test_a_no_keeps_its_reason_and_gives_the_place_back(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    await decline_invitation(await nonce_of(mia), reason="No time.", signed_in=None, now=NOON)
    spell = await fetch_row("SELECT state, reason FROM spell WHERE until_on IS NULL")
    assert spell is not None
    assert tuple(spell) == ("declined", "No time.")
    with pytest.raises(InvitationIsOver):
        await accepts(mia)
    await stage.invites(mia)
    await accepts(mia)
    assert await state_of(await enrolment_of(mia)) == "preparing"


async def test_who_was_active_and_comes_back_is_active_at_once(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    await accepts(mia)
    enrolment = await enrolment_of(mia)
    await execute("UPDATE spell SET state = 'active' WHERE until_on IS NULL")
    await leave_cohort(
        stage.cohort, enrolment, program=stage.program, reason="", by=mia, now=NOON, today=TODAY
    )
    await stage.invites(mia)
    await accepts(mia)
    assert await state_of(enrolment) == "active"


async def test_the_day_of_a_yes_is_the_day_it_is_in_the_cohorts_zone(stage: Stage) -> None:
    mia = await stage.person()
    await stage.invites(mia)
    await accepts(mia, now=NOON.replace(hour=23))
    assert await fetch_value("SELECT from_on FROM spell WHERE until_on IS NULL") == TODAY + timedelta(days=1)
