import re
from uuid import uuid4

from playbooks.tracks.own_tracks import OwnTrack
from program.database import execute, fetch_value
from tests.cast import NOON, Browser, a_listed_person, words_of
from tests.cohorts.scene import a_member
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    an_attempt,
    hand_in_right,
    hand_in_wrong,
    own_track,
    read_everything,
    right_answers,
    wrong_answers,
)

HOME = "/programs/employee-voices/training"


async def at_the_assessment(browser: Browser, school: School) -> tuple[OwnTrack, str]:
    track = await read_everything(school)
    await browser.sign_in(school.member)
    assert track.assessment is not None
    return track, f"{HOME}/{track.id}/modules/{track.assessment.id}"


def typed(answers: dict[str, frozenset[int]]) -> dict[str, list[str]]:
    return {f"q-{question}": [str(place) for place in places] for question, places in answers.items()}


async def test_the_assessment_says_what_it_asks_before_it_begins(browser: Browser) -> None:
    school = await a_school()
    _track, address = await at_the_assessment(browser, school)
    told = words_of((await browser.get(address)).text)
    assert "8 questions about situations that will come" in told
    assert "7 right answers pass." in told
    assert "Three tries" in told


async def test_before_everything_is_read_it_names_what_is_left(browser: Browser) -> None:
    school = await a_school()
    track = await own_track(school)
    await browser.sign_in(school.member)
    assert track.assessment is not None
    address = f"{HOME}/{track.id}/modules/{track.assessment.id}"
    await browser.post(f"{HOME}/{track.id}/beginning")
    assert "First read “Say who you are”" in words_of((await browser.get(address)).text)
    refused = await browser.post(f"{address}/attempts")
    assert refused.status_code == 422
    assert "First read" in words_of(refused.text)


async def test_missing_answers_are_told_at_their_questions_and_choices_are_kept(browser: Browser) -> None:
    school = await a_school()
    track, _address = await at_the_assessment(browser, school)
    attempt = await an_attempt(school)
    address = f"{HOME}/{track.id}/attempts/{attempt}"
    answers = typed(await right_answers(attempt))
    missing = next(iter(answers))
    left = {name: chosen for name, chosen in answers.items() if name != missing}
    refused = await browser.post(address, left, on=address)
    assert refused.status_code == 422
    assert f'href="#{missing}"' in refused.text
    assert "Choose an answer." in words_of(refused.text)
    kept = re.findall(r"<input[^>]* checked", refused.text)
    assert len(kept) == sum(len(chosen) for chosen in left.values())
    assert await fetch_value("SELECT handed_in_at FROM attempt") is None


async def test_nonsense_in_a_form_is_a_problem_and_never_breaks(browser: Browser) -> None:
    school = await a_school()
    track, _address = await at_the_assessment(browser, school)
    attempt = await an_attempt(school)
    address = f"{HOME}/{track.id}/attempts/{attempt}"
    answers = typed(await right_answers(attempt))
    name = next(name for name, chosen in answers.items() if len(chosen) == 1)
    for nonsense in (["99"], ["-1"], ["one"], ["²"], ["0", "1", "2", "3"], ["9" * 5000], [""], ["\x00"]):
        refused = await browser.post(address, answers | {name: nonsense}, on=address)
        assert refused.status_code == 422, nonsense
    assert (await browser.post(address, {"q-": "1"})).status_code == 422
    assert await fetch_value("SELECT handed_in_at FROM attempt") is None


async def test_a_failed_try_tells_why_each_answer_is_right_and_when_the_next_may_be(browser: Browser) -> None:
    school = await a_school()
    track, assessment = await at_the_assessment(browser, school)
    now = await fetch_value("SELECT now()")
    attempt = await an_attempt(school, now=now)
    address = f"{HOME}/{track.id}/attempts/{attempt}"
    assert (await browser.post(address, typed(await wrong_answers(attempt)), on=address)).status_code == 303
    result = words_of((await browser.get(address)).text)
    assert "Not yet: 0 of 8 right, and 7 are needed." in result
    assert "You can try again from" in result
    assert "Two of three tries left." in result
    assert "the right answer" in result
    why = await fetch_value("SELECT questions -> 'asked' -> 0 ->> 'why' FROM attempt")
    assert why.split("’")[0] in result
    waits = words_of((await browser.get(assessment)).text)
    assert "You can try again from" in waits
    assert "Begin the assessment" not in waits
    refused = await browser.post(f"{assessment}/attempts")
    assert refused.status_code == 422
    assert "You can try again from" in words_of((await browser.get(HOME)).text)


async def test_after_the_last_try_a_lead_is_asked(browser: Browser) -> None:
    school = await a_school()
    track, assessment = await at_the_assessment(browser, school)
    await execute("UPDATE track SET attempts_allowed = 1, wait_hours = 0")
    attempt = await hand_in_wrong(school)
    result = words_of((await browser.get(f"{HOME}/{track.id}/attempts/{attempt}")).text)
    assert "You have used your only try. Talk to a lead about what comes next." in result
    assert "Try again" not in result
    assert "Talk to a lead" in words_of((await browser.get(assessment)).text)


async def test_handing_in_twice_shows_the_first_result(browser: Browser) -> None:
    school = await a_school()
    track, _address = await at_the_assessment(browser, school)
    attempt = await hand_in_right(school)
    address = f"{HOME}/{track.id}/attempts/{attempt}"
    again = await browser.post(address, typed(await wrong_answers(attempt)))
    assert again.status_code == 303
    assert "Passed: 8 of 8 right." in words_of((await browser.get(address)).text)
    assert await fetch_value("SELECT count(*) FROM certificate") == 1


async def test_an_attempt_under_way_is_gone_on_with(browser: Browser) -> None:
    school = await a_school()
    track, address = await at_the_assessment(browser, school)
    attempt = await an_attempt(school)
    page = await browser.get(address)
    assert f'href="{HOME}/{track.id}/attempts/{attempt}"' in page.text
    again = await browser.post(f"{address}/attempts")
    assert again.headers["location"] == f"{HOME}/{track.id}/attempts/{attempt}"
    first = words_of((await browser.get(HOME)).text)
    assert "Next: go on with your assessment" in first


async def test_nobody_else_reads_or_hands_in_an_attempt(browser: Browser) -> None:
    school = await a_school()
    track = await read_everything(school)
    attempt = await an_attempt(school)
    other = await a_listed_person(school.program, school.lead, "Olaf Other")
    await a_member(school.cohort, [("preparing", TODAY, None)], other)
    address = f"{HOME}/{track.id}/attempts/{attempt}"
    assert (await browser.get(address)).status_code == 303
    await browser.sign_in(other)
    assert (await browser.get(address)).status_code == 404
    assert (await browser.post(address, {})).status_code == 404
    await browser.sign_in(school.member)
    assert (await browser.get(f"{HOME}/{uuid4()}/attempts/{attempt}")).status_code == 404
    assert (await browser.get(f"{HOME}/{track.id}/attempts/{uuid4()}")).status_code == 404
    await browser.sign_in(school.lead)
    assert (await browser.get(address)).status_code == 403
    assert await fetch_value("SELECT begun_at FROM attempt") == NOON
