import re
from datetime import date

import pytest

from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.cohorts.scene import a_cohort, a_member, an_opened_gate

HERE = "/programs/employee-voices/rollout"
pytestmark = pytest.mark.usefixtures("database")


async def test_a_new_rollout_shows_its_phases_and_where_to_begin(browser: Browser) -> None:
    lead = await an_owner()
    await a_program(lead)
    await browser.sign_in(lead)
    page = await browser.get(HERE)
    told = words_of(page.text)
    assert "“Pilot” can begin" in told
    assert "Form its first cohort, and invite people whom you trust to speak." in told
    assert told.count("Form a cohort ahead of time") == 3
    for phase in ("Pilot", "First circle", "Second circle", "Company-wide"):
        assert phase in told
    assert "Form its first cohort" in told
    assert "12 places" in told
    assert "Room for everybody" in told


async def test_the_picture_and_the_words_say_the_same(browser: Browser) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    await a_member(cohort, [("preparing", date(2026, 1, 1), None)])
    await an_opened_gate(program)
    await browser.sign_in(lead)
    page = await browser.get(HERE)
    told = words_of(page.text)
    assert '<path class="gate opened"' in page.text
    assert "Pilot : 1 person. 100 % of the way. Done. Its gate has been opened." in told
    assert "“First circle” can begin" in told
    assert "1 preparing" in told


async def test_whoever_is_listed_sees_names_and_states_but_no_numbers(browser: Browser) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=date(2026, 1, 1))
    await a_member(cohort, [("active", date(2026, 1, 1), None)])
    await browser.sign_in(await a_listed_person(program, lead, "Lou Listed"))
    page = await browser.get(HERE)
    told = words_of(page.text)
    assert "“Pilot” is running" in told
    assert "month" not in told
    assert "1 active" not in told
    assert f"/cohorts/{cohort}" not in page.text
    assert "Form a cohort" not in told
    assert "% of the way" not in told


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.REVIEWER])
async def test_a_sponsor_and_a_reviewer_see_the_numbers(browser: Browser, role: Role) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=None)
    await a_member(cohort, [("preparing", date(2026, 1, 1), None)])
    await browser.sign_in(await a_person_with(role, program, lead, "Sam Stone"))
    page = await browser.get(HERE)
    assert "1 preparing" in words_of(page.text)
    assert f"/cohorts/{cohort}" in page.text


@pytest.mark.parametrize("cohorts", [1, 3, 50])
async def test_the_rollout_costs_the_same_however_many_cohorts_there_are(
    browser: Browser, cohorts: int
) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    for number in range(cohorts):
        await a_cohort(program, lead, start=date(2026, 1, 1), name=f"Cohort {number}")
    await browser.sign_in(lead)
    await browser.get(HERE)
    with counted_queries() as seen:
        page = await browser.get(HERE)
    assert page.status_code == 200
    assert len(seen) <= 12


async def test_a_stranger_and_an_outsider_do_not_see_the_rollout(browser: Browser) -> None:
    await a_program(await an_owner())
    assert (await browser.get(HERE)).status_code == 303
    await browser.sign_in(await a_person("Otto Outsider"))
    assert (await browser.get(HERE)).status_code == 404


async def test_of_a_circle_still_to_come_the_map_the_timeline_and_its_card_say_the_same(
    browser: Browser,
) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    cohort = await a_cohort(program, lead, start=date(2026, 5, 1))
    await a_member(cohort, [("active", date(2026, 1, 1), None)])
    await browser.sign_in(lead)
    page = (await browser.get(HERE)).text
    notes = re.findall(r"<dd>(.*?)</dd>", page[page.index("timeline-words") :])
    waiting = [note for note in notes if "Tracked since" not in note]
    assert len(waiting) > 1
    for note in waiting:
        assert page.count(f"{note}</") == 3 * waiting.count(note)
    assert "has no date yet" not in "".join(re.findall(r'<ol class="plain phases">.*?</ol>', page, re.DOTALL))
