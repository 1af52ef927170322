from uuid import UUID

import httpx

from program.database import execute, fetch, fetch_row, fetch_value
from program.roles.rules import Role
from tests.cast import Browser, a_listed_person, a_new_program, a_person_with, a_program, an_owner, words_of
from tests.playbooks.learners import School, a_school

TRACKS = "/programs/employee-voices/tracks"
NEW = f"{TRACKS}/new"
ANGRY, KIND = "When someone is angry", "When someone is kind"


async def phases(school: School) -> list[str]:
    rows = await fetch("SELECT id FROM phase WHERE program = $1 ORDER BY position", school.program)
    return [str(row["id"]) for row in rows]


async def typed(school: School, **values: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "name": "Critics",
        "purpose": "For whoever is shouted at.",
        "own": KIND,
        "besides": [ANGRY],
        "phases": (await phases(school))[1:3],
        "grants": "share",
        "questions_asked": "3",
        **values,
    }


async def lay_out(browser: Browser, school: School, **values: str | list[str]) -> httpx.Response:
    return await browser.post(TRACKS, await typed(school, **values), on=NEW)


async def test_a_lead_lays_out_a_track_and_sees_what_became_of_it(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.lead)
    assert NEW in (await browser.get(TRACKS)).text
    starter = await fetch_value(
        "SELECT id FROM track WHERE program = $1 AND opens_with IS NULL", school.program
    )
    done = await lay_out(browser, school, level_from="5", needs=str(starter), required="yes")
    assert done.status_code == 303
    page = await browser.get(done.headers["location"])
    seen = words_of(page.text)
    assert "Critics" in seen
    assert "For whoever is shouted at." in seen
    assert "First circle, Second circle · from level 5 up" in seen
    assert "Builds on Before your first post" in seen
    assert "allows people to share" in seen
    made = UUID(done.headers["location"].rsplit("/", 1)[1])
    row = await fetch_row("SELECT * FROM track WHERE id = $1", made)
    assert row is not None
    assert (row["chapters"], row["questions_asked"], row["level_from"]) == ([KIND, ANGRY], 3, 5)
    titles = await fetch("SELECT title FROM module WHERE track = $1 ORDER BY position", made)
    assert [each["title"] for each in titles][:2] == [KIND, ANGRY]


async def test_every_problem_stands_at_its_field_and_what_was_typed_is_kept(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.lead)
    wrong = {
        "name": " ",
        "purpose": "Kept words. " * 60,
        "own": "No such chapter",
        "besides": "Nor this one",
        "phases": "nothing",
        "needs": "nothing",
        "grants": "listen",
        "level_from": "8",
        "questions_asked": "many",
    }
    before = await fetch_value("SELECT count(*) FROM track")
    refused = await browser.post(TRACKS, wrong, on=NEW)
    assert refused.status_code == 422
    for field in wrong:
        assert f'id="{field}-problem"' in refused.text, field
    assert "Kept words." in refused.text
    assert 'value="many"' in refused.text
    assert await fetch_value("SELECT count(*) FROM track") == before


async def test_a_name_that_another_track_has_is_refused_at_the_name(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.lead)
    refused = await lay_out(browser, school, name="Before  your first post")
    assert refused.status_code == 422
    assert "There is a track “Before your first post” already." in words_of(refused.text)
    assert 'id="name-problem"' in refused.text


async def test_sent_twice_there_is_one_track(browser: Browser) -> None:
    school = await a_school()
    await browser.sign_in(school.lead)
    values = await typed(school)
    key = "0192f0c5-0000-7000-8000-000000000001"
    first = await browser.post(TRACKS, values, form_key=key)
    again = await browser.post(TRACKS, values, form_key=key)
    assert first.headers["location"] == again.headers["location"]


async def test_phases_and_tracks_of_another_program_are_refused(browser: Browser) -> None:
    school = await a_school()
    other = await a_program(school.lead, "Another")
    theirs = str(await fetch_value("SELECT id FROM phase WHERE program = $1 LIMIT 1", other))
    track = str(await fetch_value("SELECT id FROM track WHERE program = $1 LIMIT 1", other))
    await browser.sign_in(school.lead)
    assert (await lay_out(browser, school, phases=theirs)).status_code == 422
    assert (await lay_out(browser, school, needs=track)).status_code == 422


async def test_without_chapters_there_is_nothing_to_choose_from(browser: Browser) -> None:
    owner = await an_owner()
    program = await a_new_program(owner)
    await execute("UPDATE entry SET withdrawn_at = now() WHERE program = $1", program)
    await browser.sign_in(owner)
    assert "A track teaches chapters" in words_of((await browser.get(NEW)).text)


async def test_coaches_see_no_way_to_lay_out_a_track_and_others_neither(browser: Browser) -> None:
    school = await a_school()
    coach = await a_listed_person(school.program, school.lead, "Carla Coach")
    await execute(
        "INSERT INTO coaching (id, cohort, person, appointed_at, appointed_by)"
        " VALUES (gen_random_uuid(), $1, $2, now(), $3)",
        school.cohort,
        coach,
        school.lead,
    )
    await browser.sign_in(coach)
    assert NEW not in (await browser.get(TRACKS)).text
    assert (await browser.get(NEW)).status_code == 403
    reviewer = await a_person_with(Role.REVIEWER, school.program, school.lead, "Rita Reviewer")
    await browser.sign_in(reviewer)
    assert (await browser.post(TRACKS, await typed(school))).status_code == 403
