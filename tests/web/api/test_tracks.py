"""Tracks over the API: one’s own, with what keeps them locked and who can do something about it."""

from program.database import execute
from tests.web.api.visitors import Visitors, cost


async def test_one_reads_how_far_one_has_come_and_what_comes_next(here: Visitors) -> None:
    ambassador = await here.caller("ambassador")
    told = (await ambassador.get(f"{here.path}/tracks/{here.world.ids['track']}")).json()
    assert (told["locked"], told["lock"]) == (False, [])
    assert told["begun_at"] == "2027-02-02T12:00:00Z"
    assert told["next"]["kind"] == "go_on_with_assessment"
    assert told["assessment"]["attempts"] == 1
    undone = [module["kind"] for module in told["modules"] if module["done_at"] is None]
    assert undone == ["assessment"]
    assert told["certificate"] is None


async def test_a_locked_track_says_why_in_words_and_codes_and_who_can_change_it(here: Visitors) -> None:
    await execute("UPDATE track SET edition = NULL WHERE id = $1", here.world.ids["track"])
    for table in ("decision_vote", "vote", "condition", "decision"):
        await execute(f"DELETE FROM {table}")
    await execute("DELETE FROM attempt WHERE person = $1", here.world.ids["ambassador"])
    await execute("DELETE FROM beginning WHERE person = $1", here.world.ids["ambassador"])
    ambassador = await here.caller("ambassador")
    told = (await ambassador.get(f"{here.path}/tracks/{here.world.ids['track']}")).json()
    assert told["locked"] is True
    gate, edition = told["lock"]
    assert (gate["code"], gate["who_can_act"]) == ("gate_not_opened", "lead_and_sponsor")
    assert gate["missing"].startswith("The gate to “First circle” has not opened yet")
    assert gate["who"] == "A lead and a sponsor open it together."
    assert gate["forecast_on"] is not None
    assert (edition["code"], edition["who_can_act"], edition["forecast_on"]) == (
        "edition_not_published",
        "lead",
        None,
    )
    assert told["next"]["kind"] == "locked"


async def test_a_proven_track_names_its_certificate_and_asks_for_nothing(here: Visitors) -> None:
    (told,) = (await (await here.caller("pilot")).get(f"{here.path}/tracks")).json()["items"]
    assert told["certificate"]["id"] == here.world.ids["certificate"]
    assert told["certificate"]["state"] == "valid"
    assert told["next"] is None
    assert told["done"] == len(told["modules"])


async def test_a_track_that_is_not_meant_for_one_is_not_found(here: Visitors) -> None:
    pilot = await here.caller("pilot")
    assert (await pilot.get(f"{here.path}/tracks/{here.world.ids['track']}")).status_code == 404


async def test_the_number_of_queries_is_the_same_for_every_page(here: Visitors) -> None:
    ambassador = await here.caller("ambassador")
    assert len({await cost(ambassador, f"{here.path}/tracks?limit={limit}") for limit in (1, 3, 50)}) == 1
