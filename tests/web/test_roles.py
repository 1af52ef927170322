"""The page on which roles are given and taken."""

from uuid import uuid4

from program.database import fetch_value
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
ROLES = f"{PEOPLE}/roles"


async def test_roles_are_for_leads_and_owners_to_give(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    outsider = await a_person("Otto Outsider")
    for person, status in ((sponsor, 403), (outsider, 404)):
        await browser.sign_in(person)
        assert (await browser.get(ROLES)).status_code == status
        assert (await browser.post(ROLES)).status_code == status
        assert (await browser.post(f"{PEOPLE}/{sponsor}/roles/sponsor/revocation")).status_code == status
    browser.sign_out()
    assert (await browser.get(ROLES)).status_code == 303


async def test_a_role_is_given_by_address_and_taken_back(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    anna = await a_listed_person(program, owner, "Anna Berg", email="anna@example.com")
    await browser.sign_in(owner)
    assert 'value="anna@example.com"' in (await browser.get(f"{ROLES}?email=anna@example.com")).text
    answer = await browser.post(ROLES, {"email": "anna@example.com", "role": "sponsor"}, on=ROLES)
    assert answer.status_code == 303, words_of(answer.text)
    words = words_of((await browser.get(ROLES)).text)
    assert "Anna Berg anna@example.com · since" in words
    assert "has not signed in yet" in words
    assert "as sponsor" in words_of((await browser.get(f"{PEOPLE}/{anna}")).text)
    revocation = f"{PEOPLE}/{anna}/roles/sponsor/revocation"
    assert (await browser.post(revocation, on=ROLES)).headers["location"] == ROLES
    assert "Anna Berg" not in words_of((await browser.get(ROLES)).text)
    assert (await browser.post(revocation)).status_code == 404


async def test_a_wrong_form_says_so_at_its_fields(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await a_person("Otto Outsider", email="otto@example.com")
    await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    sponsor = await fetch_value("SELECT email FROM person WHERE name = 'Sam Sponsor'")
    await browser.sign_in(owner)
    answer = await browser.post(ROLES, {"email": "nonsense", "role": "owner"})
    assert answer.status_code == 422
    assert 'id="email-problem"' in answer.text
    assert 'id="role-problem"' in answer.text
    for email, sentence in (
        ("otto@example.com", "Nobody among the program’s people has this address."),
        (sponsor, "They have this role already."),
    ):
        answer = await browser.post(ROLES, {"email": email, "role": "sponsor"})
        assert answer.status_code == 422
        assert sentence in words_of(answer.text)


async def test_the_last_lead_stays_and_a_lead_may_go_where_another_is(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await browser.sign_in(owner)
    own = f"{PEOPLE}/{owner}/roles/lead/revocation"
    answer = await browser.post(own, on=ROLES)
    assert answer.status_code == 409
    assert "A program needs a lead." in words_of(answer.text)
    await a_person_with(Role.LEAD, program, owner, "Lea Lead")
    answer = await browser.post(own, on=ROLES)
    assert answer.headers["location"] == "/programs/employee-voices"


async def test_an_unknown_role_or_person_is_not_found(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    for path in (f"/{owner}/roles/coach/revocation", f"/{uuid4()}/roles/sponsor/revocation"):
        assert (await browser.post(PEOPLE + path)).status_code == 404


async def test_the_page_asks_as_often_for_many_holders_as_for_one(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await browser.sign_in(owner)
    await browser.get(ROLES)  # the driver asks for unknown types once a connection
    counts = []
    for more in (0, 2, 47):
        for _ in range(more):
            await a_person_with(Role.REVIEWER, program, owner, "Rita Reviewer")
        with counted_queries() as queries:
            await browser.get(ROLES)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
