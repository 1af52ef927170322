"""Reminders: each person hears once of what is due, and nobody of what they did, or after they left."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest

from cohorts.criteria.actions import tick
from cohorts.decisions.actions import meet_condition
from cohorts.enrolments.actions import note_departure
from playbooks.reminders.actions import remind
from program.database import execute, fetch, fetch_value, new_id
from program.events.queries import broken_chains
from program.letters.actions import choose_letters
from program.roles.rules import Role
from tests.cast import NOON, a_listed_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import an_opened_gate, the_gate, the_item
from tests.playbooks.learners import TODAY, School, a_school, certified, days_later, move_to

pytestmark = pytest.mark.usefixtures("database")
DUE, WEEK_BEFORE, LAPSED = 335, 358, 365


@pytest.fixture
async def school() -> School:
    """Entries of its playbook are not due for years."""
    school = await a_school()
    await execute("UPDATE entry SET verify_every_days = 10000")
    return school


async def hear(days: int) -> list[tuple[str, str]]:
    """Who hears of what when it is so many days later: each letter written then, with its reader's name."""
    before = await fetch("SELECT id FROM delivery")
    await remind(days_later(days)[0])
    rows = await fetch(
        "SELECT d.letter, p.name FROM delivery d JOIN person p ON p.id = d.recipient WHERE d.id <> ALL($1::uuid[])"
        " ORDER BY d.letter, p.name",
        [row["id"] for row in before],
    )
    return [(row["letter"], row["name"]) for row in rows]


async def a_condition(school: School, owner: UUID, due_on: date) -> UUID:
    await an_opened_gate(school.program)
    id = new_id()
    await execute(
        "INSERT INTO condition (id, decision, what, owner, due_on) SELECT $1, id, 'Name a second coach.', $2, $3"
        " FROM decision",
        id,
        owner,
        due_on,
    )
    return id


async def an_item(school: School, owner: UUID, due_on: date) -> UUID:
    item = await the_item(await the_gate(school.program))
    await execute("UPDATE criterion SET owner = $2, due_on = $3 WHERE id = $1", item, owner, due_on)
    return item


async def test_the_holder_of_a_certificate_hears_when_it_may_be_renewed_a_week_before_its_end_and_after(
    school: School,
) -> None:
    await certified(school)
    heard = {
        day: await hear(day) for day in (DUE - 1, DUE, DUE + 1, WEEK_BEFORE, LAPSED - 1, LAPSED, LAPSED + 400)
    }
    due, lapsed = [("certificate_due", "Mia Member")], [("certificate_lapsed", "Mia Member")]
    assert heard == {
        DUE - 1: [],
        DUE: due,
        DUE + 1: [],
        WEEK_BEFORE: due,
        LAPSED - 1: [],
        LAPSED: lapsed,
        LAPSED + 400: [],
    }
    assert await broken_chains() == []
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'reminded'") == 3


async def test_whoever_renewed_hears_no_more_of_what_they_had(school: School) -> None:
    certificate = await certified(school)
    attempt = await fetch_value("SELECT attempt FROM certificate WHERE id = $1", certificate)
    other = new_id()
    await execute(
        "INSERT INTO attempt (id, module, person, number, questions, begun_at)"
        " SELECT $1, module, person, number + 1, questions, begun_at FROM attempt WHERE id = $2",
        other,
        attempt,
    )
    await execute(
        "INSERT INTO certificate (id, token, program, person, track, edition, cohort, enrolment, attempt, issued_on,"
        "  valid_until_on, issued_at, public)"
        " SELECT $1, 'another', program, person, track, edition, cohort, enrolment, $2, issued_on + 340,"
        "  valid_until_on + 340, issued_at, false FROM certificate WHERE id = $3",
        new_id(),
        other,
        certificate,
    )
    assert await hear(LAPSED) == []
    assert await hear(LAPSED + 340) == [("certificate_lapsed", "Mia Member")]


@pytest.mark.parametrize("state", ["suspended", "withdrawn", "declined"])
async def test_whoever_takes_no_part_any_more_hears_of_no_certificate(school: School, state: str) -> None:
    await certified(school)
    await move_to(school, state)
    assert await hear(LAPSED) == []


@pytest.mark.parametrize("state", ["preparing", "active", "paused", "finished"])
async def test_whoever_takes_part_or_has_finished_hears_of_it(school: School, state: str) -> None:
    await certified(school)
    await move_to(school, state)
    assert await hear(LAPSED) == [("certificate_lapsed", "Mia Member")]


async def test_of_a_certificate_that_was_revoked_nobody_hears(school: School) -> None:
    certificate = await certified(school)
    await execute(
        "INSERT INTO revocation (id, certificate, reason, revoked_at, revoked_by) VALUES ($1, $2, 'A mix-up.', $3, $4)",
        new_id(),
        certificate,
        NOON,
        school.lead,
    )
    assert await hear(LAPSED) == []


async def test_the_owner_of_a_condition_hears_a_week_before_and_once_it_is_overdue_until_it_is_met(
    school: School,
) -> None:
    owner = await a_listed_person(school.program, school.lead, "Ola Owner")
    condition = await a_condition(school, owner, TODAY + timedelta(days=20))
    heard = {day: await hear(day) for day in (12, 13, 20, 21, 22)}
    told = [("condition_due", "Ola Owner")]
    assert heard == {12: [], 13: told, 20: [], 21: told, 22: []}
    facts = await fetch(
        "SELECT facts ->> 'overdue' AS overdue FROM delivery WHERE letter = 'condition_due' ORDER BY id"
    )
    assert [row["overdue"] for row in facts] == ["false", "true"]
    late = await a_late_condition(school, owner)
    for each in (condition, late):
        await meet_condition(each, program=school.program, by=owner, now=days_later(22)[0])
    assert await hear(60) == []


async def a_late_condition(school: School, owner: UUID) -> UUID:
    id = new_id()
    await execute(
        "INSERT INTO condition (id, decision, what, owner, due_on) SELECT $1, id, 'Another.', $2, $3 FROM decision",
        id,
        owner,
        TODAY + timedelta(days=50),
    )
    return id


async def test_the_owner_of_a_checklist_item_hears_of_it_until_it_is_ticked_or_the_gate_is_decided(
    school: School,
) -> None:
    owner = await a_listed_person(school.program, school.lead, "Ola Owner")
    item = await an_item(school, owner, TODAY + timedelta(days=20))
    assert await hear(12) == []
    assert await hear(13) == [("checklist_due", "Ola Owner")]
    await tick(item, program=school.program, by=school.lead, now=NOON)
    assert await hear(21) == []
    await execute("DELETE FROM tick")
    await an_opened_gate(school.program)
    assert await hear(21) == []
    await execute("DELETE FROM decision")
    assert await hear(21) == [("checklist_due", "Ola Owner")]


async def test_entries_to_read_again_are_counted_once_a_week_for_who_looks_after_them_else_for_the_leads(
    school: School,
) -> None:
    keeper = await a_person_with(Role.REVIEWER, school.program, school.lead, "Rudi Reviewer")
    entries = [row["id"] for row in await fetch("SELECT id FROM entry ORDER BY position LIMIT 3")]
    await execute("UPDATE entry SET verify_every_days = 30 WHERE id = ANY($1::uuid[])", entries)
    await execute("UPDATE entry SET verifier = $2 WHERE id = ANY($1::uuid[])", entries[:2], keeper)
    both = [("entries_due", "Olga Owner"), ("entries_due", "Rudi Reviewer")]
    assert {day: await hear(day) for day in (29, 30, 36, 37)} == {29: [], 30: both, 36: [], 37: both}
    counts = await fetch(
        "SELECT p.name, d.facts ->> 'count' AS count FROM delivery d JOIN person p ON p.id = d.recipient"
        " WHERE d.letter = 'entries_due' ORDER BY d.id LIMIT 2"
    )
    assert {tuple(row) for row in counts} == {("Olga Owner", "1"), ("Rudi Reviewer", "2")}
    await execute(
        "UPDATE entry SET verified_on = $2 WHERE id = ANY($1::uuid[])", entries[:2], TODAY + timedelta(40)
    )
    assert await hear(44) == both[:1]


async def test_what_a_verifier_left_behind_is_for_the_leads(school: School) -> None:
    keeper = await a_person_with(Role.REVIEWER, school.program, school.lead, "Rudi Reviewer")
    await execute("UPDATE entry SET verify_every_days = 30, verifier = $1 WHERE position = 0", keeper)
    await note_departure(keeper, program=school.program, by=school.lead, now=NOON)
    assert await hear(30) == [("entries_due", "Olga Owner")]


async def test_whoever_left_the_company_or_the_program_hears_nothing(school: School) -> None:
    gone = await a_listed_person(school.program, school.lead, "Gerd Gone")
    await a_condition(school, gone, TODAY)
    await certified(school)
    for person in (gone, school.member):
        await note_departure(person, program=school.program, by=school.lead, now=NOON)
    elsewhere = await a_listed_person(school.program, school.lead, "Else Where")
    await an_item(school, elsewhere, TODAY)
    await execute("DELETE FROM listing WHERE person = $1", elsewhere)
    assert await hear(LAPSED) == []


async def test_in_a_program_that_was_stopped_nobody_is_reminded(school: School) -> None:
    await a_condition(school, school.lead, TODAY)
    await execute("UPDATE decision SET outcome = 'stopped'")
    await certified(school)
    assert await hear(LAPSED) == []


async def test_each_program_tells_its_own_and_everybody_in_one_event(school: School) -> None:
    other = await a_program(await an_owner("Other Owner"), "Another one")
    await execute("UPDATE entry SET verify_every_days = 30")
    await a_condition(school, school.lead, TODAY)
    await remind(days_later(30)[0])
    events = await fetch(
        "SELECT program, facts ->> 'people' AS people FROM event WHERE name = 'reminded' ORDER BY at, id"
    )
    assert {(row["program"], row["people"]) for row in events} == {(school.program, "1"), (other, "1")}
    assert (
        await fetch_value("SELECT count(*) FROM delivery WHERE letter IN ('condition_due', 'entries_due')")
        == 3
    )


async def test_two_at_once_remind_everybody_once(school: School) -> None:
    await certified(school)
    await a_condition(school, school.lead, TODAY)
    told = await asyncio.gather(*(remind(days_later(LAPSED)[0]) for _worker in range(4)))
    assert sorted(told) == [0, 0, 0, 2]
    assert (
        await fetch_value("SELECT count(*) FROM delivery WHERE letter LIKE '%due' OR letter LIKE '%lapsed'")
        == 2
    )


async def test_whoever_turned_such_letters_off_is_not_written_to_and_not_counted_again(
    school: School,
) -> None:
    await certified(school)
    await choose_letters(school.member, [], now=NOON)
    assert await hear(LAPSED) == []
    await execute("UPDATE person SET letters_unwanted = '{}'")
    assert await hear(LAPSED) == []
