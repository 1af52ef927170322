"""The playbook over the API: editions, their entries, how fresh they are, and what stands behind them."""

import pytest

from tests.cast import Browser, a_listed_person, a_new_program, an_owner
from tests.web.api.caller import Caller, a_token
from tests.web.api.visitors import Visitors, cost


async def test_everyone_reads_the_entries_of_the_newest_edition(here: Visitors) -> None:
    for visitor in ("listed", "pilot", "sponsor", "reviewer"):
        answer = await (await here.caller(visitor)).get(
            f"{here.path}/entries", topic="journalists", limit=200
        )
        assert answer.status_code == 200
        (found,) = answer.json()["items"]
        assert found["id"] == here.world.ids["entry"]
        assert found["chapter"] == "When a journalist calls"
        assert found["freshness"] is None
        assert found["learnings"]["count"] == 12
        assert found["learnings"]["from_the_pilot"] is True


async def test_the_learnings_behind_an_entry_are_named_to_those_who_may_read_them(here: Visitors) -> None:
    address = f"{here.path}/entries/{here.world.ids['entry']}"
    readable = {
        visitor: len((await (await here.caller(visitor)).get(address)).json()["learnings"]["readable"])
        for visitor in ("lead", "pilot", "listed", "ambassador")
    }
    assert readable == {"lead": 12, "pilot": 12, "listed": 0, "ambassador": 0}


async def test_leads_and_coaches_learn_when_an_entry_is_due(here: Visitors) -> None:
    address = f"{here.path}/entries/{here.world.ids['entry']}"
    for visitor in ("lead", "coach"):
        told = (await (await here.caller(visitor)).get(address)).json()
        assert told["freshness"] == {"verified_on": "2027-01-10", "due_on": "2027-07-09", "due": False}
        assert (told["editions"], told["gone_since"]) == ([1], None)


async def test_entries_of_a_kind_are_found(here: Visitors) -> None:
    listed = await here.caller("listed")
    found = (await listed.get(f"{here.path}/entries", kind="dont", limit=200)).json()["items"]
    assert {each["kind"] for each in found} == {"dont"}


async def test_editions_are_listed_and_read_whole(here: Visitors) -> None:
    listed = await here.caller("listed")
    found = (await listed.get(f"{here.path}/editions")).json()["items"]
    assert [(each["number"], each["by"]) for each in found] == [(1, "Lena Lead"), (0, "Olga Owner")]
    newest = (await listed.get(f"{here.path}/editions/1")).json()
    assert newest["newest"] is True
    assert [each["id"] for each in newest["entries"] if each["change"] == "new"] == [here.world.ids["entry"]]
    first = (await listed.get(f"{here.path}/editions/0")).json()
    assert first["newest"] is False
    assert len(first["entries"]) == len(newest["entries"]) - 1


@pytest.mark.parametrize("number", [2, 10**15])
async def test_an_edition_that_there_is_not_is_not_found(here: Visitors, number: int) -> None:
    assert (await (await here.caller("listed")).get(f"{here.path}/editions/{number}")).status_code == 404


async def test_before_the_first_edition_there_is_nothing_to_read(browser: Browser) -> None:
    olga = await an_owner()
    lisa = await a_listed_person(await a_new_program(olga), olga, "Lisa Listed")
    caller = Caller(browser.client, await a_token(lisa))
    for noun in ("entries", "editions"):
        answer = await caller.get(f"/api/v1/programs/employee-voices/{noun}")
        assert answer.json() == {"items": [], "next": None}
    assert (await caller.get("/api/v1/programs/employee-voices/editions/0")).status_code == 404


async def test_the_number_of_queries_does_not_grow_with_the_playbook(here: Visitors) -> None:
    lead = await here.caller("lead")
    assert len({await cost(lead, f"{here.path}/entries?limit={limit}") for limit in (1, 3, 50)}) == 1
