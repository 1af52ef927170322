"""Coming in without naming a program: the one that one has a part in, or the choice, with what waits in each."""

from uuid import UUID

from program.database import transaction
from program.programs.actions import list_people
from program.roles.actions import grant_role
from program.roles.rules import Role
from tests.cast import NOON, Browser, a_listed_person, a_program, an_owner, words_of
from tests.web.test_today import an_incident


async def test_whoever_has_a_part_in_one_of_several_programs_comes_to_that_one(browser: Browser) -> None:
    owner = await an_owner()
    first, second = await a_program(owner, "A voices"), await a_program(owner, "B voices")
    person = await a_listed_person(first, owner, "Rudi Reviewer")
    await browser.sign_in(person)
    assert (await browser.get("/")).headers["location"] == "/programs/a-voices"
    await _also_listed(second, person, owner)
    page = words_of((await browser.get("/")).text)
    assert page.index("A voices") < page.index("B voices")
    await grant_role(Role.REVIEWER, program=second, to=person, by=owner, now=NOON)
    assert (await browser.get("/")).headers["location"] == "/programs/b-voices"


async def test_of_several_programs_the_one_in_which_something_waits_comes_first(browser: Browser) -> None:
    owner = await an_owner()
    first, second = await a_program(owner, "A voices"), await a_program(owner, "B voices")
    person = await a_listed_person(first, owner, "Rudi Reviewer")
    await _also_listed(second, person, owner)
    for program in (first, second):
        await grant_role(Role.REVIEWER, program=program, to=person, by=owner, now=NOON)
    await an_incident(second, owner)
    await browser.sign_in(person)
    for path in ("/", "/programs"):
        page = words_of((await browser.get(path)).text)
        assert page.index("B voices") < page.index("Next: look into one incident") < page.index("A voices")
        assert "Nothing waits for you here." in page


async def test_of_very_many_programs_the_first_are_looked_into(browser: Browser) -> None:
    owner = await an_owner()
    for number in range(12):
        await a_program(owner, f"Voices {number:02}")
    await browser.sign_in(owner)
    page = words_of((await browser.get("/programs")).text)
    assert page.count("Next: ") == 10
    assert "Voices 11" in page


async def _also_listed(program: UUID, person: UUID, owner: UUID) -> None:
    async with transaction():
        await list_people(program, [person], by=owner, now=NOON)
