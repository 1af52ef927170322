"""The events page: who did what to what, when, for those who may know."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from playbooks.events.words import ROOMS
from program.database import fetch_value, transaction
from program.events.actions import record
from program.roles.actions import revoke_role
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.recorded import names_given_to

EVENTS = "/programs/employee-voices/events"
MINE = EVENTS + "/mine"


async def events(program: UUID, by: UUID, count: int) -> None:
    async with transaction():
        for number in range(count):
            await record("signed_in", program=program, by=by, at=NOON + timedelta(minutes=number))


async def number_of_events(program: UUID) -> int:
    return int(await fetch_value("SELECT number FROM chain WHERE id = $1", program))


def lines(html: str) -> list[str]:
    """The events of a page, one line of text each."""
    of_page = html[html.index('<ul class="lines">') :]
    found = re.findall(r"<li>(.*?)</li>", of_page[: of_page.index("</ul>")], re.DOTALL)
    return [words_of(re.sub(r'<span class="avatar".*?</span>', "", line)) for line in found]


def test_every_event_that_is_recorded_has_exactly_one_sentence() -> None:
    recorded = names_given_to("record", 0)
    told = [name for room in ROOMS for name in room]
    assert sorted(told) == sorted(set(told))
    assert [name for name in recorded if not any(re.fullmatch(name, one) for one in told)] == []
    assert [one for one in told if not any(re.fullmatch(name, one) for name in recorded)] == []


async def test_a_lead_sees_what_happened_newest_first(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    sponsor = await a_person_with(Role.SPONSOR, program, owner, "Sam Sponsor")
    await revoke_role(Role.SPONSOR, program=program, of=sponsor, by=owner, now=NOON + timedelta(hours=1))
    await browser.sign_in(owner)
    answer = await browser.get(EVENTS)
    assert answer.status_code == 200
    assert lines(answer.text) == [
        "Olga Owner took back the role of sponsor 1 Jun 2026, 15:00 · about Sam Sponsor",
        "Olga Owner gave the role of sponsor 1 Jun 2026, 14:00 · about Sam Sponsor",
        "Olga Owner published edition 0 of the playbook 1 Jun 2026, 14:00",
        "Olga Owner made the program 1 Jun 2026, 14:00",
    ]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.LEAD, 200), (Role.REVIEWER, 200), (Role.SPONSOR, 403), (None, 403)]
)
async def test_only_leads_and_reviewers_see_everything(
    browser: Browser, role: Role | None, status: int
) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    reader = (
        await a_person_with(role, program, owner, "Rosa Reader")
        if role
        else await a_listed_person(program, owner, "Rosa Reader")
    )
    await browser.sign_in(reader)
    assert (await browser.get(EVENTS)).status_code == status
    assert (await browser.get(MINE)).status_code == 200


async def test_to_strangers_and_people_of_other_programs_there_is_nothing(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    other = await a_program(owner, "Another one")
    assert (await browser.get(EVENTS)).headers["location"] == f"/sign-in?next={EVENTS}"
    await browser.sign_in(await a_listed_person(other, owner, "Olaf Other"))
    assert (await browser.get(EVENTS)).status_code == 404
    assert (await browser.get(MINE)).status_code == 404


async def test_everybody_sees_their_own_and_nobody_elses(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_listed_person(program, owner, "Rosa Reader")
    await browser.sign_in(person)
    assert "Nothing is recorded about you here yet" in words_of((await browser.get(MINE)).text)
    await events(program, person, 1)
    assert lines((await browser.get(MINE)).text) == ["Rosa Reader signed in 1 Jun 2026, 14:00"]


async def test_who_reported_an_incident_stays_between_them_and_the_reviewers(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    reporter = await a_listed_person(program, owner, "Rita Reporter")
    reviewer = await a_person_with(Role.REVIEWER, program, owner, "Rudi Reviewer")
    async with transaction():
        await record("incident_reported", program=program, by=reporter, at=NOON, facts={"gravity": "grave"})

    async def newest(reader: UUID, path: str) -> str:
        await browser.sign_in(reader)
        return lines((await browser.get(path)).text)[0]

    assert (await newest(owner, EVENTS)).startswith("Somebody reported an incident")
    assert (await newest(reviewer, EVENTS)).startswith("Rita Reporter reported an incident")
    assert (await newest(reporter, MINE)).startswith("Rita Reporter reported an incident")


async def test_what_time_brought_about_was_done_by_pilotage(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    async with transaction():
        await record("owner_link_made", program=program, by=None, about=owner, at=NOON)
    await browser.sign_in(owner)
    newest = lines((await browser.get(EVENTS)).text)[0]
    assert newest == "Pilotage made a sign-in link for the owner 1 Jun 2026, 14:00 · about Olga Owner"


async def test_older_events_are_a_page_away(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    await events(program, owner, 120)
    await browser.sign_in(owner)
    path, seen = EVENTS, 0
    for expected in (50, 50, await number_of_events(program) - 100):
        page = (await browser.get(path)).text
        assert len(lines(page)) == expected
        seen += expected
        older = re.search(r'href="\?before=(\d+)"', page)
        path = f"{EVENTS}?before={older.group(1)}" if older else ""
    assert path == ""
    assert seen == await number_of_events(program)


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 18, "9" * 40, "²", "1e3", "%00"])
async def test_a_number_that_is_none_shows_the_newest(browser: Browser, before: str) -> None:
    await browser.sign_in(await _lead_of_a_program())
    answer = await browser.get(f"{EVENTS}?before={before}")
    assert answer.status_code == 200
    assert lines(answer.text)


async def test_before_the_first_event_there_is_nothing(browser: Browser) -> None:
    await browser.sign_in(await _lead_of_a_program())
    assert "Nothing older is recorded" in words_of((await browser.get(f"{EVENTS}?before=1")).text)


async def test_the_number_of_queries_does_not_grow_with_the_events(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_program(owner)
    person = await a_person()
    await browser.sign_in(owner)
    await browser.get(EVENTS)
    counts = []
    for more in (1, 2, 47):
        await events(program, person, more)
        with counted_queries() as seen:
            assert (await browser.get(EVENTS)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 3


async def test_a_name_that_looks_like_markup_is_text(browser: Browser) -> None:
    owner = await an_owner("<script>alert(1)</script>")
    await a_program(owner)
    await browser.sign_in(owner)
    assert "<script>alert" not in (await browser.get(EVENTS)).text


async def _lead_of_a_program() -> UUID:
    owner = await an_owner()
    await a_program(owner)
    return owner
