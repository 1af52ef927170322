from uuid import uuid4

import pytest

from program.database import fetch_value
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import Browser, a_listed_person, a_person, a_person_with, a_program, counted_queries, words_of
from tests.cohorts.scene import a_cohort, a_member
from tests.playbooks.learners import (
    TODAY,
    School,
    a_school,
    certified,
    move_to,
    open_gate,
    own_track,
    play_well,
    publish_edition_one,
    read_everything,
    right_answers,
    someone_in_the_first_circle,
    state_of,
)

HOME = "/programs/employee-voices/training"


async def begun(browser: Browser, school: School) -> str:
    """The address of the starter track, begun by its member."""
    await browser.sign_in(school.member)
    track = await own_track(school)
    answer = await browser.post(f"{HOME}/{track.id}/beginning", on=HOME)
    assert answer.headers["location"] == f"{HOME}/{track.id}/modules/{track.readings[0].id}"
    return f"{HOME}/{track.id}"


async def test_a_pilot_member_goes_from_the_first_page_to_being_active(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.member)
    first = words_of((await browser.get(HOME)).text)
    assert "Next: begin “Before your first post”" in first
    assert "Seven short readings and two conversations to play lie before the assessment." in first
    track_address = await begun(browser, school)
    track = await own_track(school)
    for number, module in enumerate(track.modules[:-1], start=1):
        address = f"{track_address}/modules/{module.id}"
        page = words_of((await browser.get(address)).text)
        assert module.title in page
        assert f"Step {number} of 10" in page
        if module in track.readings:
            answer = await browser.post(f"{address}/completion", on=address)
            assert answer.status_code == 303
        else:
            await play_well(
                module.id, track=track.id, program=school.program, by=school.member, now=machine_now()
            )
            assert "It held" in words_of((await browser.get(address)).text)
    assert track.assessment is not None
    assessment = f"{track_address}/modules/{track.assessment.id}"
    assert answer.headers["location"] == assessment
    begun_attempt = await browser.post(f"{assessment}/attempts", on=assessment)
    attempt_address = begun_attempt.headers["location"]
    questions = await browser.get(attempt_address)
    assert questions.text.count("<fieldset") == 8
    attempt = await fetch_value("SELECT id FROM attempt")
    answers = {
        f"q-{question}": [str(place) for place in places]
        for question, places in (await right_answers(attempt)).items()
    }
    handed_in = await browser.post(attempt_address, answers, on=attempt_address)
    assert handed_in.headers["location"] == attempt_address
    result = words_of((await browser.get(attempt_address)).text)
    assert "Passed: 8 of 8 right." in result
    assert "See your certificate" in result
    assert await state_of(school.member) == "active"
    after = words_of((await browser.get(HOME)).text)
    assert "Nothing left to do here" in after
    assert "You may speak about the company, in your own words and under your own name." in after


async def test_a_new_ambassador_sees_why_a_track_is_locked_who_can_act_and_when(browser: Browser) -> None:
    school = await a_school()
    newcomer = await someone_in_the_first_circle(school, "invited")
    await browser.sign_in(newcomer)
    seen = words_of((await browser.get(HOME)).text)
    assert "Next: “Ready to speak: First circle”, once it opens" in seen
    assert "Locked until the gate to “First circle” opens" in seen
    assert "A lead and a sponsor open it together." in seen
    assert "at the earliest" in seen or "It has no date yet." in seen
    track = await own_track(school, newcomer)
    own = words_of((await browser.get(f"{HOME}/{track.id}")).text)
    card = (
        "What is missing The gate to “First circle” has not opened yet, and this track opens with it."
        " Who can change that A lead and a sponsor open it together. When"
    )
    assert card in seen
    assert card in own
    refused = await browser.post(f"{HOME}/{track.id}/beginning")
    assert refused.status_code == 422
    assert card in words_of(refused.text)
    assert (await browser.get(f"{HOME}/{track.id}/modules/{uuid4()}")).status_code == 303
    await publish_edition_one(school)
    await open_gate(school.program)
    unlocked = words_of((await browser.get(HOME)).text)
    assert "Next: begin “Ready to speak: First circle”" in unlocked
    answer = await browser.post(f"{HOME}/{track.id}/beginning", on=HOME)
    assert "/modules/" in answer.headers["location"]


async def test_beginning_again_goes_on(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    again = await browser.post(f"{address}/beginning")
    assert again.status_code == 303
    assert await fetch_value("SELECT count(*) FROM beginning") == 1


async def test_a_reading_leads_on_and_says_when_it_was_read(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    first, second, *_others = (await own_track(school)).readings
    page = await browser.get(f"{address}/modules/{first.id}")
    assert f'href="{address}/modules/{second.id}"' in page.text
    done = await browser.post(f"{address}/modules/{first.id}/completion", on=f"{address}/modules/{first.id}")
    assert done.headers["location"] == f"{address}/modules/{second.id}"
    assert "I have read this" not in (await browser.get(f"{address}/modules/{first.id}")).text
    assert (
        f'href="{address}/modules/{first.id}"' in (await browser.get(f"{address}/modules/{second.id}")).text
    )


async def test_strangers_and_other_roles_have_no_training(browser: Browser) -> None:
    school = await a_school()
    assert (await browser.get(HOME)).headers["location"] == f"/sign-in?next={HOME}"
    await browser.sign_in(await a_person("Otto Outsider"))
    assert (await browser.get(HOME)).status_code == 404
    for person in (
        school.lead,
        await a_person_with(Role.SPONSOR, school.program, school.lead, "Sona Sponsor"),
        await a_listed_person(school.program, school.lead, "Lisa Listed"),
    ):
        await browser.sign_in(person)
        assert (await browser.get(HOME)).status_code == 403


@pytest.mark.parametrize("state", ["withdrawn", "suspended"])
async def test_whoever_left_or_is_suspended_cannot_go_on(browser: Browser, state: str) -> None:
    school = await a_school()
    track = await read_everything(school)
    await move_to(school, state)
    await browser.sign_in(school.member)
    assert track.assessment is not None
    for path in (
        f"{HOME}/{track.id}/beginning",
        f"{HOME}/{track.id}/modules/{track.readings[0].id}/completion",
        f"{HOME}/{track.id}/modules/{track.assessment.id}/attempts",
    ):
        assert (await browser.post(path)).status_code == 403


async def test_ids_of_others_are_not_found(browser: Browser) -> None:
    school = await a_school()
    address = await begun(browser, school)
    other = await a_program(school.lead, name="Another")
    foreign = await fetch_value("SELECT id FROM track WHERE program = $1 ORDER BY edition LIMIT 1", other)
    core = await fetch_value(
        "SELECT id FROM track WHERE program = $1 AND opens_with IS NOT NULL LIMIT 1", school.program
    )
    module = await fetch_value("SELECT id FROM module WHERE track = $1 LIMIT 1", foreign)
    for path in (
        f"{HOME}/{uuid4()}",
        f"{HOME}/{foreign}",
        f"{HOME}/{core}",
        f"{HOME}/{foreign}/modules/{module}",
        f"{address}/modules/{module}",
        f"{address}/modules/{uuid4()}",
        f"{HOME}/nothing",
    ):
        assert (await browser.get(path)).status_code == 404, path
    for path in (
        f"{HOME}/{foreign}/beginning",
        f"{address}/modules/{module}/completion",
        f"{address}/modules/{module}/attempts",
    ):
        assert (await browser.post(path)).status_code == 404, path


async def test_my_training_takes_the_same_queries_with_many_certificates_and_people(browser: Browser) -> None:
    school = await a_school()
    await certified(school)
    await browser.sign_in(school.member)
    await browser.get(HOME)
    counts = []
    for number in (1, 3, 50):
        for each in range(number):
            name = f"Cohort {number}-{each}"
            cohort = await a_cohort(school.program, school.lead, start=None, name=name)
            await a_member(cohort, [("active", TODAY, None)], school.member)
        with counted_queries() as seen:
            assert (await browser.get(HOME)).status_code == 200
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 6
