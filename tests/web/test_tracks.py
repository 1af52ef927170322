from uuid import uuid4

from program.database import execute, fetch_value
from program.roles.rules import Role
from tests.cast import Browser, a_listed_person, a_person, a_person_with, a_program, counted_queries, words_of
from tests.cohorts.scene import a_member
from tests.playbooks.learners import TODAY, a_school, certified, own_track

HOME = "/programs/employee-voices/tracks"
PROOF = {"pass_percent": "75", "attempts_allowed": "5", "wait_hours": "0", "questions_asked": "4"}


async def test_a_lead_sees_each_track_with_audience_gate_and_edition(browser: Browser) -> None:
    school = await a_school()
    await certified(school)
    await browser.sign_in(school.lead)
    seen = words_of((await browser.get(HOME)).text)
    assert "Before your first post" in seen
    assert "the gate to “First circle”" in seen
    assert "not built yet" in seen
    assert "open from the start" in seen
    track = await own_track(school)
    people = words_of((await browser.get(f"{HOME}/{track.id}")).text)
    assert "Mia Member" in people
    assert "9 of 9" in people
    assert "1 person has begun this track, 1 passed it." in people


async def test_a_track_with_too_few_questions_is_marked(browser: Browser) -> None:
    school = await a_school()
    await execute("UPDATE edition_entry SET question = NULL")
    await browser.sign_in(school.lead)
    assert "One track has too few questions to prove anything by." in words_of((await browser.get(HOME)).text)
    track = await own_track(school)
    assert "passing proves little" in words_of((await browser.get(f"{HOME}/{track.id}")).text)


async def test_a_lead_changes_how_a_track_is_proven(browser: Browser) -> None:
    school = await a_school()
    track = await own_track(school)
    address = f"{HOME}/{track.id}"
    await browser.sign_in(school.lead)
    assert (await browser.post(address, PROOF, on=address)).status_code == 303
    assert (await own_track(school)).needed == 3
    assert 'value="75"' in (await browser.get(address)).text


async def test_every_problem_of_the_form_is_told_and_what_was_typed_is_kept(browser: Browser) -> None:
    school = await a_school()
    track = await own_track(school)
    address = f"{HOME}/{track.id}"
    await browser.sign_in(school.lead)
    typed = {"pass_percent": "101", "attempts_allowed": "none", "wait_hours": "-1", "questions_asked": ""}
    refused = await browser.post(address, typed, on=address)
    assert refused.status_code == 422
    for field in typed:
        assert f'id="{field}-problem"' in refused.text
    assert 'value="101"' in refused.text
    assert await fetch_value("SELECT pass_percent FROM track WHERE id = $1", track.id) == 80


async def test_a_coach_sees_their_own_people_and_changes_nothing(browser: Browser) -> None:
    school = await a_school()
    coach = await a_listed_person(school.program, school.lead, "Carla Coach")
    await execute(
        "INSERT INTO coaching (id, cohort, person, appointed_at, appointed_by) VALUES ($1, $2, $3, now(), $4)",
        uuid4(),
        school.cohort,
        coach,
        school.lead,
    )
    track = await own_track(school)
    await browser.sign_in(coach)
    page = await browser.get(f"{HOME}/{track.id}")
    assert "Mia Member" in words_of(page.text)
    assert 'name="pass_percent"' not in page.text
    assert (await browser.post(f"{HOME}/{track.id}", PROOF)).status_code == 403


async def test_others_see_no_tracks(browser: Browser) -> None:
    school = await a_school()
    track = await own_track(school)
    for path in (HOME, f"{HOME}/{track.id}"):
        assert (await browser.get(path)).headers["location"].startswith("/sign-in")
    await browser.sign_in(await a_person("Otto Outsider"))
    assert (await browser.get(HOME)).status_code == 404
    for person in (
        school.member,
        await a_person_with(Role.SPONSOR, school.program, school.lead, "Sona Sponsor"),
    ):
        await browser.sign_in(person)
        assert (await browser.get(HOME)).status_code == 403
        assert (await browser.get(f"{HOME}/{track.id}")).status_code == 403


async def test_a_track_of_another_program_is_not_found_and_a_strange_page_is_the_first(
    browser: Browser,
) -> None:
    school = await a_school()
    track = await own_track(school)
    other = await a_program(school.lead, name="Another")
    foreign = await fetch_value("SELECT id FROM track WHERE program = $1 LIMIT 1", other)
    await browser.sign_in(school.lead)
    assert (await browser.get(f"{HOME}/{foreign}")).status_code == 404
    assert (await browser.post(f"{HOME}/{foreign}", PROOF)).status_code == 404
    for number in ("0", "-1", "x", "9" * 40, "²", "5"):
        assert (await browser.get(f"{HOME}/{track.id}?page={number}")).status_code == 200


async def test_the_track_pages_take_the_same_queries_with_many_people(browser: Browser) -> None:
    school = await a_school()
    track = await own_track(school)
    await browser.sign_in(school.lead)
    await browser.get(HOME)
    await browser.get(f"{HOME}/{track.id}")
    counts = []
    for number in (1, 3, 50):
        for each in range(number):
            person = await a_listed_person(school.program, school.lead, f"Member {number}-{each}")
            await a_member(school.cohort, [("preparing", TODAY, None)], person)
        with counted_queries() as seen:
            assert (await browser.get(HOME)).status_code == 200
            assert (await browser.get(f"{HOME}/{track.id}")).status_code == 200
        counts.append(len(seen))
    assert len(set(counts)) == 1
