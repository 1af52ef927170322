"""Leaving a program: without penalty, without a reason, and with an end to all tracking."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from cohorts.enrolments.actions import NothingToLeave, leave_cohort, leave_program, note_departure
from program.database import fetch, fetch_row, fetch_value
from program.people.actions import take_back
from program.social_accounts.actions import add_account, consent
from program.social_accounts.rules import Account, Network, Stance
from tests.cast import a_form, a_listed_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member

NOW = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("database")


async def an_account(program: UUID, person: UUID, network: Network = Network.X) -> None:
    account = Account(
        network=network, handle="mia", address="", stance=Stance.PERSONAL, disclosure="I work at Example."
    )
    id = await add_account(account, program=program, by=person, now=NOW, sent=a_form())
    day = date(2026, 6, 1)
    yes: dict[str, Any] = {"tracking_start": day, "program": program, "by": person, "now": NOW, "today": day}
    await consent(id, from_on=day, **yes)


async def state_of(enrolment: UUID) -> Any:
    return await fetch_row("SELECT * FROM spell WHERE enrolment = $1 AND until_on IS NULL", enrolment)


async def test_whoever_leaves_leaves_every_cohort_and_all_tracking_ends() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member")
    begun = [("active", date(2026, 1, 1), None)]
    running = await a_cohort(program, lead, start=date(2026, 2, 1))
    over = await a_cohort(program, lead, start=date(2026, 2, 1), name="Over")
    first, ended = (
        await a_member(running, begun, mia),
        await a_member(over, [("finished", date(2026, 3, 1), None)], mia),
    )
    bo = await a_member(running, begun)
    await an_account(program, mia)
    await an_account(program, mia, Network.MASTODON)
    await leave_program(program=program, reason="", by=mia, now=NOW)
    left = await state_of(first)
    assert (left["state"], left["from_on"], left["reason"], left["by"]) == (
        "withdrawn", date(2026, 6, 2), None, mia,
    )  # fmt: skip
    assert (await state_of(ended))["state"] == "finished"
    assert (await state_of(bo))["state"] == "active"
    assert await fetch_value("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == 0
    (event,) = await fetch("SELECT * FROM event WHERE name = 'program_left'")
    assert (event["by"], event["facts"]) == (mia, '{"cohorts": 1, "consents": 2}')


async def test_the_reason_is_kept_where_one_is_given_and_consent_to_another_program_holds() -> None:
    lead = await an_owner()
    program, other = await a_program(lead), await a_program(lead, "Another one")
    mia = await a_listed_person(program, lead, "Mia Member")
    enrolment = await a_member(
        await a_cohort(program, lead, start=None), [("suspended", date(2026, 1, 1), None)], mia
    )
    await an_account(other, mia)
    await leave_program(program=program, reason="Too little time.", by=mia, now=NOW)
    assert (await state_of(enrolment))["reason"] == "Too little time."
    assert await fetch_value("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == 1


async def test_whoever_goes_through_no_cohort_has_nothing_to_leave() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member")
    cohort = await a_cohort(program, lead, start=None)
    await a_member(cohort, [("invited", date(2026, 1, 1), None)], mia)
    with pytest.raises(NothingToLeave) as no:
        await leave_program(program=program, reason="", by=mia, now=NOW)
    assert "nothing to leave" in no.value.sentence()


async def test_whoever_leaves_their_last_cohort_is_tracked_no_more() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member")
    begun = [("active", date(2026, 2, 1), None)]
    first, second = [await a_cohort(program, lead, start=date(2026, 2, 1), name=name) for name in ("A", "B")]
    here, there = await a_member(first, begun, mia), await a_member(second, begun, mia)
    await an_account(program, mia)
    told: dict[str, Any] = {
        "program": program, "reason": "", "by": mia, "now": NOW, "today": date(2026, 6, 2),
    }  # fmt: skip
    await leave_cohort(first, here, **told)
    assert await fetch_value("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == 1
    await leave_cohort(second, there, **told)
    assert await fetch_value("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == 0
    told_of = await fetch("SELECT facts FROM event WHERE name = 'member_left' ORDER BY number")
    assert [row["facts"] for row in told_of] == ['{"consents": 0}', '{"consents": 1}']


async def test_whoever_left_the_company_is_tracked_no_more_in_any_program_and_a_return_begins_without_consent() -> (
    None
):
    owner = await an_owner()
    program, other = await a_program(owner), await a_program(owner, "Another one")
    mia, bo = await a_listed_person(program, owner, "Mia Member"), await a_listed_person(program, owner, "Bo")
    for person in (mia, bo):
        await an_account(program, person)
    await an_account(other, mia, Network.MASTODON)
    for _again in range(2):
        await note_departure(mia, program=program, by=owner, now=NOW)
    await take_back(mia, program=program, by=owner, now=NOW)
    standing = await fetch(
        "SELECT a.person FROM consent c JOIN social_account a ON a.id = c.account WHERE c.withdrawn_at IS NULL"
    )
    assert [row["person"] for row in standing] == [bo]
    assert await fetch_value("SELECT facts FROM event WHERE name = 'person_departed'") == '{"consents": 2}'
