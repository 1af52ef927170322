"""The pages on which a lead finds, adds and changes people."""

import re
from uuid import UUID, uuid4

from program.database import fetch_row, fetch_value
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

PEOPLE = "/programs/employee-voices/people"


async def test_every_page_is_for_leads_and_owners_alone(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    listed = await a_listed_person(program, owner, "Anna Berg")
    outsider = await a_person("Otto Outsider")
    pages = ("", "/new", f"/{listed}", f"/{listed}/edit")
    forms = ("", f"/{listed}", f"/{listed}/departure", f"/{listed}/return", f"/{listed}/first-link")
    for person, status in ((sponsor, 403), (listed, 403), (outsider, 404)):
        await browser.sign_in(person)
        for path in pages:
            assert (await browser.get(PEOPLE + path)).status_code == status
        for path in forms:
            assert (await browser.post(PEOPLE + path)).status_code == status
    for person in (lead, owner):
        await browser.sign_in(person)
        for path in pages:
            assert (await browser.get(PEOPLE + path)).status_code == 200
    browser.sign_out()
    assert (await browser.get(PEOPLE)).headers["location"] == f"/sign-in?next={PEOPLE}"


async def test_people_of_another_program_or_of_none_are_not_found(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    other = await a_program(owner, name="Another")
    elsewhere = await a_listed_person(other, owner, "Anna Berg")
    await browser.sign_in(owner)
    for person in (elsewhere, uuid4()):
        for path in (f"/{person}", f"/{person}/edit"):
            assert (await browser.get(PEOPLE + path)).status_code == 404
        for path in (
            f"/{person}",
            f"/{person}/departure",
            f"/{person}/return",
            f"/{person}/first-link",
            f"/{person}/roles/lead/revocation",
        ):
            assert (await browser.post(PEOPLE + path)).status_code == 404


async def test_a_list_without_people_says_how_to_begin(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    other = await an_owner("Otto Owner")
    await browser.sign_in(other)
    await _end_every_listing()
    page = await browser.get(PEOPLE)
    words = words_of(page.text)
    assert "Nobody is listed yet" in words
    assert f'href="{PEOPLE}/imports/new"' in page.text
    assert f'href="{PEOPLE}/new"' in page.text


async def test_people_are_found_and_the_page_says_how_many(browser: Browser) -> None:
    owner = await an_owner("Zoe Owner")
    program = await a_program(owner)
    await a_listed_person(
        program, owner, "Anna Berg", department="Legal", level=6, job_title="Counsel", region="Ghent"
    )
    await a_listed_person(program, owner, "<Ben>", department="HR & more")
    await browser.sign_in(owner)
    words = words_of((await browser.get(PEOPLE)).text)
    assert "3 people belong to your program’s people" in words
    assert re.search(r"Anna Berg anna.berg\S+ Counsel Legal Director Ghent", words)
    words = words_of((await browser.get(f"{PEOPLE}?department=HR+%26+more&page=7")).text)
    assert "1 of your program’s 3 people is as you asked." in words
    assert "Anna Berg" not in words
    answer = await browser.get(f"{PEOPLE}?search=nobody%00&level=99&page=x")
    assert answer.status_code == 200
    assert "Nobody is like this" in words_of(answer.text)


async def test_the_list_pages_through_what_was_asked_for(browser: Browser) -> None:
    owner = await an_owner("Zoe Owner")
    program = await a_program(owner)
    for number in range(51):
        await a_listed_person(program, owner, f"Person {number:02}", department="R&D")
    await browser.sign_in(owner)
    first = await browser.get(f"{PEOPLE}?department=R%26D")
    assert "Page 1 of 2" in words_of(first.text)
    assert f'href="{PEOPLE}?department=R%26D&amp;page=2"' in first.text
    assert "Person 50" in words_of((await browser.get(f"{PEOPLE}?department=R%26D&page=2")).text)


async def test_the_list_asks_as_often_for_many_people_as_for_one(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await browser.sign_in(owner)
    await browser.get(PEOPLE)  # the driver asks for unknown types once a connection
    counts = []
    for more in (0, 2, 47):
        for _ in range(more):
            await a_listed_person(program, owner, "Anna Berg", level=3)
        with counted_queries() as queries:
            await browser.get(PEOPLE)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 4


async def test_a_person_is_added_and_changed(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    answer = await browser.post(
        PEOPLE, {"name": "Anna Berg", "email": "Anna@Example.com"}, on=f"{PEOPLE}/new"
    )
    assert answer.status_code == 303, words_of(answer.text)
    address = answer.headers["location"]
    assert "Job title not known" in words_of((await browser.get(address)).text)
    told = {
        "name": "Anna Berg-Roth",
        "email": "anna@example.com",
        "level": "6",
        "networks": ["blog", "linkedin"],
        "how_often": "weekly",
    }
    assert (await browser.post(address, told, on=f"{address}/edit")).status_code == 303
    words = words_of((await browser.get(address)).text)
    for fact in ("Anna Berg-Roth", "Level Director", "On networks LinkedIn, Own blog", "about once a week"):
        assert fact in words
    page = (await browser.get(f"{address}/edit")).text
    assert page.count(" checked") == 2


async def test_the_same_form_sent_twice_adds_one_person(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    key = str(uuid4())
    told = {"name": "Anna Berg", "email": "anna@example.com"}
    first = await browser.post(PEOPLE, told, form_key=key)
    again = await browser.post(PEOPLE, told, form_key=key)
    assert first.headers["location"] == again.headers["location"]
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'person_added'") == 1


async def test_every_problem_of_a_form_stands_at_its_field_and_what_was_typed_is_kept(
    browser: Browser,
) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    listed = await a_listed_person(program, owner, "Anna Berg", email="anna@example.com")
    await browser.sign_in(owner)
    wrong = {
        "name": " ",
        "email": "nonsense",
        "level": "8",
        "networks": "myspace",
        "how_often": "always",
        "department": "D" * 201,
        "manager_email": "boss",
    }
    for path in (PEOPLE, f"{PEOPLE}/{listed}"):
        answer = await browser.post(path, wrong)
        assert answer.status_code == 422
        for field in wrong:
            assert f'id="{field}-problem"' in answer.text, field
        assert 'value="nonsense"' in answer.text
    for told, field in (
        ({"name": "Anna", "email": "anna@example.com"}, "email"),
        ({"name": "Ben", "email": "ben@example.com", "manager_email": "nobody@example.com"}, "manager_email"),
    ):
        answer = await browser.post(PEOPLE, told)
        assert answer.status_code == 422
        assert f'id="{field}-problem"' in answer.text


async def test_whom_the_company_knows_is_added_without_a_word_about_it(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    known = await a_person("Anna Berg", email="anna@example.com")
    await browser.sign_in(owner)
    answer = await browser.post(PEOPLE, {"name": "A. Berg", "email": "anna@example.com"}, on=f"{PEOPLE}/new")
    assert answer.headers["location"] == f"{PEOPLE}/{known}"


async def test_a_lead_hands_over_a_first_link_that_signs_in_once(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    anna = await a_listed_person(program, owner, "Anna Berg")
    await browser.sign_in(lead)
    answer = await browser.post(f"{PEOPLE}/{anna}/first-link", on=f"{PEOPLE}/{anna}")
    assert answer.status_code == 200
    link = re.search(r'value="http://[^/"]+(/sign-in/[^"]+)"', answer.text)
    assert link is not None
    assert (await browser.get(f"{PEOPLE}/{anna}/first-link")).status_code == 303
    browser.sign_out()
    assert "Welcome, Anna Berg" in words_of((await browser.get(link[1])).text)
    assert (await browser.post(link[1], on=link[1])).status_code == 303
    assert "Anna Berg" in words_of((await browser.get("/me")).text)
    await browser.sign_in(lead)
    assert "Make a first sign-in link" not in (await browser.get(f"{PEOPLE}/{anna}")).text
    assert (await browser.post(f"{PEOPLE}/{anna}/first-link")).status_code == 409


async def test_who_left_is_signed_out_at_once_and_can_be_taken_back(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    anna = await a_listed_person(program, owner, "Anna Berg")
    await browser.sign_in(anna)
    session = browser.client.cookies.get("pilotage_session")
    await browser.sign_in(lead)
    answer = await browser.post(f"{PEOPLE}/{anna}/departure", on=f"{PEOPLE}/{anna}")
    assert answer.status_code == 303
    words = words_of((await browser.get(f"{PEOPLE}/{anna}")).text)
    assert "Left the company on" in words
    assert "left" in words_of((await browser.get(PEOPLE)).text)
    browser.client.cookies.set("pilotage_session", session or "")
    assert (await browser.get("/me")).status_code == 303
    await browser.sign_in(lead)
    assert (await browser.post(f"{PEOPLE}/{anna}/return", on=f"{PEOPLE}/{anna}")).status_code == 303
    assert await fetch_value("SELECT count(*) FROM departure WHERE returned_at IS NULL") == 0
    for person in (owner, lead):
        assert "Left the company?" not in words_of((await browser.get(f"{PEOPLE}/{person}")).text)
        assert (await browser.post(f"{PEOPLE}/{person}/departure")).status_code == 409


async def test_a_lead_cannot_change_the_address_of_an_owner(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    lead = await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    await browser.sign_in(lead)
    before = await fetch_row("SELECT email FROM person WHERE id = $1", owner)
    answer = await browser.post(f"{PEOPLE}/{owner}", {"name": "Olga", "email": "lea.too@example.com"})
    assert answer.status_code == 422
    assert "only an owner of this installation can change it" in words_of(answer.text)
    assert await fetch_row("SELECT email FROM person WHERE id = $1", owner) == before


async def _end_every_listing() -> UUID | None:
    ended: UUID | None = await fetch_value("DELETE FROM listing RETURNING person")
    return ended
