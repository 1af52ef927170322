from uuid import uuid4

import pytest

from playbooks.scenarios.queries import scenario_page
from playbooks.scenarios.rules import Turn, conversation_after
from playbooks.tracks.actions import begin_track
from program.database import fetch_value
from program.refusals import NotFound
from tests.cast import NOON, Browser, counted_queries, words_of
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    move_to,
    own_track,
    read_everything,
    someone_in_the_first_circle,
    way_to,
)

HOME = "/programs/employee-voices/training"


async def begun(browser: Browser, school: School) -> str:
    """The address of the first scenario of a track that its member began."""
    track = await own_track(school)
    await begin_track(track.id, program=school.program, by=school.member, now=NOON, today=TODAY)
    await browser.sign_in(school.member)
    return f"{HOME}/{track.id}/modules/{track.scenarios[0].id}"


async def say(browser: Browser, address: str, place: int) -> int:
    answer = await browser.post(f"{address}/answers", {"answer": str(place)}, on=address)
    return answer.status_code


async def test_the_conversation_so_far_is_shown_with_its_feedback_and_the_next_answers(
    browser: Browser,
) -> None:
    school = await a_school()
    address = await begun(browser, school)
    own = await own_track(school)
    scenario = (await scenario_page(own.scenarios[0].id, person=school.member, own=own)).scenario
    first = scenario.turns[0]
    seen = words_of((await browser.get(address)).text)
    assert scenario.situation in seen
    assert f"{scenario.other}: {first.says}" in seen
    assert all(answer.text in seen for answer in first.answers)
    assert not any(answer.why in seen for answer in first.answers)
    assert await say(browser, address, 0) == 303
    seen = words_of((await browser.get(address)).text)
    second = conversation_after(scenario, [0]).now
    assert isinstance(second, Turn)
    assert f"You: {first.answers[0].text} {first.answers[0].why}" in seen
    assert second.says in seen
    assert first.answers[1].text not in seen


async def test_an_end_that_did_not_hold_invites_to_try_another_way(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    own = await own_track(school)
    page = await scenario_page(own.scenarios[0].id, person=school.member, own=own)
    for place in way_to(page.scenario, held=False):
        assert await say(browser, address, place) == 303
    seen = words_of((await browser.get(address)).text)
    assert "It did not hold" in seen
    assert "What the playbook says about it" not in seen
    assert await say_back(browser, address, 0) == 303
    again = words_of((await browser.get(address)).text)
    assert "try 2" in again
    assert "What do you do?" in again
    for place in way_to(page.scenario, held=True):
        await say(browser, address, place)
    held = words_of((await browser.get(address)).text)
    assert "It held" in held
    assert "What the playbook says about it" in held


async def say_back(browser: Browser, address: str, to: int) -> int:
    answer = await browser.post(f"{address}/return", {"to": str(to)}, on=address)
    return answer.status_code


async def test_an_old_tab_is_shown_where_the_conversation_stands(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    await say(browser, address, 0)
    late = await browser.post(f"{address}/answers", {"number": "1", "after": "0", "answer": "1"}, on=address)
    assert late.status_code == 422
    assert "This conversation went on in another tab." in words_of(late.text)
    assert await fetch_value("SELECT choices FROM scenario_run") == "[0]"


@pytest.mark.parametrize(
    "sent",
    [
        {"number": "1", "after": "0", "answer": "9"},
        {"number": "1", "after": "0", "answer": "5"},
        {"number": "x", "after": "0", "answer": "0"},
        {"number": "1", "after": "-1", "answer": "0"},
        {"number": "1", "after": "0"},
        {},
    ],
)
async def test_what_no_page_offers_is_not_found(browser: Browser, sent: dict[str, str]) -> None:
    school = await a_school()
    address = await begun(browser, school)
    assert (await browser.post(f"{address}/answers", sent)).status_code == 404
    assert (await browser.post(f"{address}/return", {**sent, "to": "never"})).status_code == 404
    assert await fetch_value("SELECT count(*) FROM scenario_run") == 0


async def test_whoever_is_not_on_the_track_or_left_finds_nothing(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    sent = {"number": "1", "after": "0", "answer": "0", "to": "0"}
    other = await someone_in_the_first_circle(school)
    for person, status in ((other, 404), (school.lead, 403)):
        await browser.sign_in(person)
        assert (await browser.get(address)).status_code == status
        assert (await browser.post(f"{address}/answers", sent)).status_code == status
        assert (await browser.post(f"{address}/return", sent)).status_code == status
    await move_to(school, "withdrawn")
    await browser.sign_in(school.member)
    assert (await browser.post(f"{address}/answers", sent)).status_code == 403
    assert await fetch_value("SELECT count(*) FROM scenario_run") == 0


async def test_a_reading_is_no_scenario(database: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    for module in (track.readings[0].id, uuid4()):
        with pytest.raises(NotFound):
            await scenario_page(module, person=school.member, own=track)


async def test_a_long_conversation_costs_what_a_short_one_does(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    counts = []
    for place in (0, 0, 0):
        with counted_queries() as seen:
            await browser.get(address)
        counts.append(len(seen))
        await say(browser, address, place)
    assert len(set(counts)) == 1
    assert counts[0] <= 6
