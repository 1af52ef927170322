from uuid import UUID

from program.database import execute, fetch_value
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_listed_person,
    a_new_program,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.cohorts.scene import a_cohort, a_member

TODAY = "/programs/employee-voices"


async def an_incident(program: UUID, by: UUID) -> None:
    await fetch_value(
        "INSERT INTO incident (id, program, gravity, what_happened, reported_by, reported_at)"
        " VALUES (gen_random_uuid(), $1, 'minor', 'A post went wrong.', $2, now()) RETURNING id",
        program,
        by,
    )


async def test_a_stranger_signs_in_first_and_an_outsider_finds_nothing(browser: Browser) -> None:
    await a_program(await an_owner())
    assert (await browser.get(TODAY)).headers["location"] == f"/sign-in?next={TODAY}"
    await browser.sign_in(await a_person())
    assert (await browser.get(TODAY)).status_code == 404


async def test_a_new_lead_goes_on_with_the_set_up_until_somebody_is_invited(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_new_program(owner)
    await browser.sign_in(owner)
    answer = await browser.get(TODAY)
    page = words_of(answer.text)
    assert "Next: go on with the set-up" in page
    assert "Step 2 of 7: Who stands behind it?" in page
    assert f'href="{TODAY}/set-up"' in answer.text
    assert "Set-up" in page
    assert "name a sponsor" not in page
    assert "Gate to “First circle”" in page
    await a_member(await a_cohort(program, owner, start=None), [("preparing", NOON.date(), None)])
    assert f'href="{TODAY}/set-up"' not in (await browser.get(TODAY)).text
    assert f'href="{TODAY}/set-up"' in (await browser.get(f"{TODAY}/rollout")).text


async def test_without_the_set_up_the_sponsor_comes_first_and_the_cohort_after(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    stopped = await a_cohort(program, owner, start=None)
    await a_member(stopped, [("withdrawn", NOON.date(), None)])
    await execute("UPDATE cohort SET state = 'stopped'")
    await a_listed_person(program, owner, "Paul Pilot")
    await browser.sign_in(owner)
    answer = await browser.get(TODAY)
    phase = await fetch_value("SELECT id FROM phase WHERE program = $1 AND position = 0", program)
    assert "Next: name a sponsor" in words_of(answer.text)
    assert f'href="{TODAY}/people/roles"' in answer.text
    assert f'href="{TODAY}/cohorts/new?phase={phase}"' in answer.text


async def test_a_reviewer_hears_of_open_incidents_and_a_listed_person_does_not(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    reviewer = await a_person_with(Role.REVIEWER, program, owner, "Rita Reviewer")
    await an_incident(program, owner)
    await browser.sign_in(reviewer)
    assert "Next: look into one incident" in words_of((await browser.get(TODAY)).text)
    await browser.sign_in(await a_listed_person(program, owner, "Nora Nobody"))
    page = words_of((await browser.get(TODAY)).text)
    assert "Nothing waits for you" in page
    assert "incident" not in page.replace("Incidents", "")


async def test_an_owner_who_belongs_to_no_program_sees_no_gates(browser: Browser) -> None:
    await a_program(await an_owner())
    await browser.sign_in(await an_owner("Otto Owner"))
    answer = await browser.get(TODAY)
    assert answer.status_code == 200
    assert "Gate to" not in answer.text


async def test_the_page_asks_the_database_equally_often_however_many_people_there_are(
    browser: Browser,
) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await browser.sign_in(owner)
    counts = []
    for wanted in (1, 3, 50):
        for number in range(wanted):
            await a_listed_person(program, owner, f"Person {wanted} {number}")
        await browser.get(TODAY)
        with counted_queries() as queries:
            await browser.get(TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 9


async def test_a_condition_waits_for_whoever_took_it_on_until_it_is_met(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    promising = await a_listed_person(program, owner, "Sam Sponsor")
    gate = await fetch_value(
        "SELECT g.id FROM gate g JOIN phase f ON f.id = g.phase WHERE g.program = $1 AND f.position = 0",
        program,
    )
    decision = await fetch_value(
        "INSERT INTO decision (id, gate, outcome, evidence, evidence_hash, decided_at)"
        " VALUES (gen_random_uuid(), $1, 'opened_with_conditions', '{}', ''::bytea, $2) RETURNING id",
        gate,
        NOON,
    )
    condition = await fetch_value(
        "INSERT INTO condition (id, decision, what, owner, due_on)"
        " VALUES (gen_random_uuid(), $1, 'Name a second coach.', $2, '2027-04-01') RETURNING id",
        decision,
        promising,
    )
    await browser.sign_in(await a_listed_person(program, owner, "Lisa Listed"))
    assert "condition" not in words_of((await browser.get(TODAY)).text)
    await browser.sign_in(promising)
    answer = await browser.get(TODAY)
    assert "Next: see to the condition you took on" in words_of(answer.text)
    assert f'href="{TODAY}/gates/{gate}"' in answer.text
    await execute("UPDATE condition SET met_at = $2, met_by = $3 WHERE id = $1", condition, NOON, promising)
    assert "condition" not in words_of((await browser.get(TODAY)).text)
