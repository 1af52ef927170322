from typing import Any
from uuid import UUID

import pytest

from playbooks.entries.actions import change_entry
from playbooks.entries.queries import draft_copies
from program.database import fetch, fetch_value
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_form,
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
from tests.web.routes import AS_PLANNED

HOME = "/programs/employee-voices"
HERE = f"{HOME}/set-up"
pytestmark = pytest.mark.usefixtures("database")
GETS = ("", "/purpose", "/sponsor", "/playbook", "/rollout", "/people", "/pilot", "/invitations")


async def begun(browser: Browser) -> tuple[UUID, UUID]:
    """A signed-in lead of a program that is about to be set up."""
    lead = await an_owner()
    program = await a_new_program(lead)
    await browser.sign_in(lead)
    return lead, program


async def goes(browser: Browser, path: str, values: dict[str, Any], *, on: str | None = None) -> str:
    """Where a form that is taken leads to."""
    answer = await browser.post(path, values, on=on)
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


async def refused(browser: Browser, path: str, values: dict[str, Any]) -> str:
    answer = await browser.post(path, values)
    assert answer.status_code == 422
    return answer.text


async def test_making_a_program_leads_into_its_set_up(browser: Browser) -> None:
    await browser.sign_in(await an_owner())
    made = {"name": "Employee voices", "purpose": "To be heard.", "zone": "Europe/Berlin"}
    assert await goes(browser, "/programs", made, on="/programs/new") == HERE
    assert (await browser.get(HERE)).headers["location"] == f"{HERE}/sponsor"


async def test_from_the_purpose_to_the_rollout_map(browser: Browser) -> None:
    await begun(browser)
    sponsor = {"email": "sam@example.com", "name": "Sam Sponsor"}
    assert await goes(browser, f"{HERE}/sponsor", sponsor, on=f"{HERE}/sponsor") == f"{HERE}/playbook"
    assert await fetch_value("SELECT count(*) FROM delivery WHERE letter = 'role_granted'") == 1
    assert await goes(browser, f"{HERE}/playbook", {}, on=f"{HERE}/playbook") == f"{HERE}/rollout"
    assert await fetch_value("SELECT number FROM edition") == 0
    assert await goes(browser, f"{HERE}/rollout", AS_PLANNED, on=f"{HERE}/rollout") == f"{HERE}/people"
    mia = {"name": "Mia Member", "email": "mia@example.com", "department": "Sales", "level": "6"}
    assert await goes(browser, f"{HERE}/people", mia, on=f"{HERE}/people") == f"{HERE}/people"
    assert "2 people beside you" in words_of((await browser.get(f"{HERE}/people")).text)
    assert await goes(browser, f"{HERE}/people/enough", {}, on=f"{HERE}/people") == f"{HERE}/pilot"
    assert (await browser.get(f"{HERE}/invitations")).headers["location"] == f"{HERE}/pilot"
    choosing = await goes(browser, f"{HERE}/pilot", {"name": "Pilot"}, on=f"{HERE}/pilot")
    assert (await browser.get(f"{HERE}/pilot")).headers["location"] == choosing
    cohort = choosing.removesuffix("/invitations/new")
    person = str(await fetch_value("SELECT id FROM person WHERE email = 'mia@example.com'"))
    letter = await goes(browser, f"{cohort}/choice", {"people": person, "then": "letter"}, on=choosing)
    assert (await browser.get(f"{HERE}/invitations")).headers["location"] == letter
    assert (await browser.get(HERE)).headers["location"] == f"{HERE}/invitations"
    assert await goes(browser, f"{cohort}/invitations", {"people": person}, on=letter) == f"{HOME}/rollout"
    over = words_of((await browser.get(HERE)).text)
    assert "Your program has begun" in over


async def test_a_step_can_be_gone_back_to_and_mended(browser: Browser) -> None:
    await begun(browser)
    page = await browser.get(f"{HERE}/purpose")
    assert 'value="Employee voices"' in page.text
    told = {"name": "Our voices", "purpose": "To be heard as we are."}
    assert await goes(browser, f"{HERE}/purpose", told, on=f"{HERE}/purpose") == f"{HERE}/sponsor"
    assert tuple((await fetch("SELECT name, purpose, slug FROM program"))[0]) == (
        "Our voices",
        "To be heard as we are.",
        "employee-voices",
    )
    text = await refused(browser, f"{HERE}/purpose", {"name": "", "purpose": "Mine."})
    assert "Please fill this in." in text
    assert "Mine." in text


async def test_after_it_is_over_a_step_that_is_mended_stays_in_sight(browser: Browser) -> None:
    lead, program = await begun(browser)
    await a_member(await a_cohort(program, lead, start=None), [("invited", NOON.date(), None)])
    told = {"name": "Our voices", "purpose": "To be heard."}
    assert await goes(browser, f"{HERE}/purpose", told) == f"{HERE}/purpose"


async def test_a_sponsor_is_chosen_among_the_people_or_left_for_later(browser: Browser) -> None:
    lead, program = await begun(browser)
    sam = await a_listed_person(program, lead, "Sam Sponsor", email="sam@example.com")
    page = await browser.get(f"{HERE}/sponsor")
    assert '<option value="sam@example.com">Sam Sponsor</option>' in page.text
    assert await goes(browser, f"{HERE}/sponsor/later", {}, on=f"{HERE}/sponsor") == f"{HERE}/playbook"
    assert "left for later" in words_of((await browser.get(f"{HERE}/playbook")).text)
    for _ in range(2):
        assert await goes(browser, f"{HERE}/sponsor", {"email": "sam@example.com"}) == f"{HERE}/playbook"
    assert (
        await fetch_value("SELECT count(*) FROM role_grant WHERE role = 'sponsor' AND person = $1", sam) == 1
    )
    assert "has not signed in yet" in words_of((await browser.get(f"{HERE}/sponsor")).text)
    text = await refused(browser, f"{HERE}/sponsor", {"email": "no address", "name": ""})
    assert "does not look like an e-mail address" in text


async def test_an_entry_is_changed_in_its_place_left_out_and_brought_back(browser: Browser) -> None:
    _, program = await begun(browser)
    (first, *_rest) = await draft_copies(program)
    place = f"{HERE}/playbook/{first.entry}"
    page = await browser.get(place)
    assert f'id="entry-{first.entry}"' in page.text
    changed = {"title": "Say it first", "body": "Before all else.", "revision": "1"}
    assert await goes(browser, place, changed, on=place) == f"{HERE}/playbook#entry-{first.entry}"
    (now, *_rest) = await draft_copies(program)
    assert (now.text.title, now.text.body, now.text.question) == (
        "Say it first",
        "Before all else.",
        first.text.question,
    )
    assert await goes(browser, f"{place}/withdrawal", {}) == f"{HERE}/playbook"
    assert "Left out" in words_of((await browser.get(f"{HERE}/playbook")).text)
    assert await goes(browser, f"{place}/return", {}) == f"{HERE}/playbook#entry-{first.entry}"
    assert "Please fill this in." in await refused(
        browser, place, {"title": "", "body": "x", "revision": "2"}
    )


async def test_of_two_who_change_an_entry_neither_loses_a_word(browser: Browser) -> None:
    lead, program = await begun(browser)
    (first, *_rest) = await draft_copies(program)
    place = f"{HERE}/playbook/{first.entry}"
    told: dict[str, Any] = {"by": lead, "now": NOON, "today": NOON.date(), "sent": a_form()}
    await change_entry(program, first.entry, _saying(first.text, "Theirs."), revision=1, **told)
    text = await refused(browser, place, {"title": "Mine", "body": "My words.", "revision": "1"})
    assert "My words." in text
    assert "Theirs." in text
    assert 'name="revision" value="2"' in text


def _saying(text: Any, body: str) -> Any:
    return type(text)(chapter=text.chapter, kind=text.kind, topic=text.topic, title=text.title, body=body)


async def test_publishing_twice_finds_it_published_and_nothing_is_not_published(browser: Browser) -> None:
    _, program = await begun(browser)
    for entry in await draft_copies(program):
        await browser.post(f"{HERE}/playbook/{entry.entry}/withdrawal", {})
    assert "an edition needs one" in words_of(await refused(browser, f"{HERE}/playbook", {}))
    for entry in await fetch("SELECT id FROM entry LIMIT 1"):
        await browser.post(f"{HERE}/playbook/{entry['id']}/return", {})
    for _ in range(2):
        assert await goes(browser, f"{HERE}/playbook", {}) == f"{HERE}/sponsor"
    assert await fetch_value("SELECT count(*) FROM edition") == 1
    assert "It is published" in words_of((await browser.get(f"{HERE}/playbook")).text)


async def test_the_rollout_says_what_is_wrong_at_its_place_and_keeps_what_was_typed(browser: Browser) -> None:
    await begun(browser)
    text = await refused(
        browser,
        f"{HERE}/rollout",
        {**AS_PLANNED, "capacity-0": "few", "months": "0", "name-1": "", "learnings": "8"},
    )
    for field in ("capacity-0", "months", "name-1"):
        assert f'id="{field}-problem"' in text
    assert 'value="few"' in text
    assert 'name="learnings" value="8"' in text
    text = await refused(browser, f"{HERE}/rollout", {**AS_PLANNED, "name-1": "Pilot"})
    assert "Two circles are called “Pilot”." in words_of(text)
    assert 'id="name-1-problem"' in text


async def test_people_typed_wrongly_stay_typed(browser: Browser) -> None:
    await begun(browser)
    text = await refused(browser, f"{HERE}/people", {"name": "Mia Member", "email": "mia", "level": "9"})
    assert 'value="Mia Member"' in text
    assert 'id="email-problem"' in text
    text = await refused(browser, f"{HERE}/people/enough", {})
    assert "List at least one person beside yourself" in words_of(text)


async def test_a_pilot_needs_a_name_that_is_free(browser: Browser) -> None:
    lead, program = await begun(browser)
    assert "Please fill this in." in await refused(browser, f"{HERE}/pilot", {"name": ""})
    await a_cohort(program, lead, start=None, name="North", position=1)
    assert "has this name" in words_of(await refused(browser, f"{HERE}/pilot", {"name": "North"}))


async def test_a_file_leads_back_to_the_set_up(browser: Browser) -> None:
    await begun(browser)
    people = f"{HOME}/people/imports"
    answer = await browser.post(
        people,
        {},
        on=f"{HERE}/people",
        files={"file": ("people.csv", b"E-mail;Name\nmia@example.com;Mia M\n")},
    )
    file = answer.headers["location"]
    await browser.post(f"{file}/confirmation", {})
    page = await browser.get(file)
    assert f'href="{HERE}/people"' in page.text
    assert "Go on with the set-up" in words_of(page.text)


async def test_the_set_up_is_for_leads(browser: Browser) -> None:
    lead, program = await begun(browser)
    for person, status in (
        (await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor"), 403),
        (await an_owner("Otto Owner"), 403),
        (await a_person(), 404),
    ):
        await browser.sign_in(person)
        for path in GETS:
            assert (await browser.get(f"{HERE}{path}")).status_code == status
        for path in (
            "purpose",
            "sponsor",
            "sponsor/later",
            "playbook",
            "rollout",
            "people",
            "people/enough",
            "pilot",
        ):
            assert (await browser.post(f"{HERE}/{path}", {})).status_code == status


async def test_another_programs_entries_are_not_found(browser: Browser) -> None:
    lead, _ = await begun(browser)
    (first, *_rest) = await draft_copies(await a_program(lead, "Another"))
    place = f"{HERE}/playbook/{first.entry}"
    assert (await browser.get(place)).status_code == 404
    for path in (place, f"{place}/withdrawal", f"{place}/return"):
        assert (await browser.post(path, {"title": "x", "body": "x", "revision": "1"})).status_code == 404


async def test_its_pages_ask_the_database_equally_often_however_many_people_there_are(
    browser: Browser,
) -> None:
    lead, program = await begun(browser)
    counts = []
    for wanted in (1, 3, 50):
        for number in range(wanted):
            await a_listed_person(program, lead, f"Person {wanted} {number}")
        asked = []
        for path in ("/sponsor", "/people", "/playbook", "/rollout"):
            await browser.get(f"{HERE}{path}")
            with counted_queries() as queries:
                await browser.get(f"{HERE}{path}")
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0]) <= 14
