from uuid import UUID, uuid4

import pytest

from cohorts.incidents.actions import report_incident
from cohorts.incidents.rules import Gravity
from program.database import fetch_value
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_form,
    a_listed_person,
    a_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)

WORDS = "A post named a customer."


class Scene:
    def __init__(self, slug: str, program: UUID, lead: UUID, reporter: UUID, reviewer: UUID) -> None:
        self.slug, self.program, self.lead, self.reporter, self.reviewer = (
            slug,
            program,
            lead,
            reporter,
            reviewer,
        )
        self.path = f"/programs/{slug}/incidents"

    async def reported(self, gravity: Gravity = Gravity.GRAVE) -> UUID:
        return await report_incident(
            gravity, WORDS, program=self.program, by=self.reporter, now=NOON, sent=a_form()
        )


async def a_scene() -> Scene:
    lead = await an_owner()
    program = await a_program(lead)
    reporter = await a_listed_person(program, lead, "Lia Listed")
    reviewer = await a_person_with(Role.REVIEWER, program, lead, "Rita Reviewer")
    slug = await fetch_value("SELECT slug FROM program WHERE id = $1", program)
    return Scene(slug, program, lead, reporter, reviewer)


async def test_somebody_reports_and_a_reviewer_closes_with_what_was_learned(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.reporter)
    assert "Only the reviewers read it." in words_of((await browser.get(scene.path)).text)
    answer = await browser.post(
        scene.path, {"gravity": "grave", "what_happened": WORDS}, on=f"{scene.path}/new"
    )
    assert answer.status_code == 303
    own = answer.headers["location"]
    assert WORDS in words_of((await browser.get(own)).text)
    await browser.sign_in(scene.reviewer)
    assert "One incident is open." in words_of((await browser.get(scene.path)).text)
    answer = await browser.post(f"{own}/closure", {"learned": " "}, on=own)
    assert answer.status_code == 422
    answer = await browser.post(f"{own}/closure", {"learned": "Ask first."}, on=own)
    assert answer.status_code == 303
    answer = await browser.post(f"{own}/closure", {"learned": "Again."})
    assert answer.status_code == 422
    assert "No incident is open." in words_of((await browser.get(scene.path)).text)
    await browser.sign_in(scene.reporter)
    assert "Ask first." in words_of((await browser.get(own)).text)


async def test_a_lead_learns_that_one_is_open_and_how_grave_and_nothing_else(browser: Browser) -> None:
    scene = await a_scene()
    incident = await scene.reported()
    await browser.sign_in(scene.lead)
    text = words_of((await browser.get(scene.path)).text)
    assert "One incident is open." in text
    assert "grave" in text
    assert WORDS not in text
    assert "Lia Listed" not in text
    assert (await browser.get(f"{scene.path}/{incident}")).status_code == 404
    assert (await browser.post(f"{scene.path}/{incident}/closure", {"learned": "x"})).status_code == 403


async def test_a_sponsor_learns_of_grave_ones_only(browser: Browser) -> None:
    scene = await a_scene()
    sponsor = await a_person_with(Role.SPONSOR, scene.program, scene.lead, "Sam Sponsor")
    await scene.reported(Gravity.MAJOR)
    await browser.sign_in(sponsor)
    assert "No grave incident is open." in words_of((await browser.get(scene.path)).text)
    await scene.reported()
    assert "One incident is open." in words_of((await browser.get(scene.path)).text)


async def test_others_and_outsiders_see_nothing_of_it(browser: Browser) -> None:
    scene = await a_scene()
    incident = await scene.reported()
    await browser.sign_in(await a_listed_person(scene.program, scene.lead, "Leo Listed"))
    assert WORDS not in (await browser.get(scene.path)).text
    assert (await browser.get(f"{scene.path}/{incident}")).status_code == 404
    await browser.sign_in(await a_person("Otto Outsider"))
    for path in (scene.path, f"{scene.path}/new", f"{scene.path}/{incident}"):
        assert (await browser.get(path)).status_code == 404
    await browser.sign_in(scene.reviewer)
    other = await a_program(scene.lead, "Another")
    slug = await fetch_value("SELECT slug FROM program WHERE id = $1", other)
    assert (await browser.get(f"/programs/{slug}/incidents/{incident}")).status_code == 404
    assert (await browser.get(f"{scene.path}/{uuid4()}")).status_code == 404


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"gravity": "", "what_happened": WORDS}, "Please choose one of these."),
        ({"gravity": "minor", "what_happened": ""}, "Please fill this in."),
        ({"gravity": "minor", "what_happened": "x" * 6_000}, "characters too long"),
    ],
)
async def test_a_report_that_says_too_little_is_not_kept(
    browser: Browser, form: dict[str, str], problem: str
) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.reporter)
    answer = await browser.post(scene.path, form, on=f"{scene.path}/new")
    assert answer.status_code == 422
    assert problem in words_of(answer.text)
    assert await fetch_value("SELECT count(*) FROM incident") == 0


async def test_the_list_takes_as_many_queries_for_fifty_as_for_one(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.reviewer)
    await browser.get(scene.path)
    counts = []
    for many in (1, 2, 47):
        for _ in range(many):
            await scene.reported()
        with counted_queries() as queries:
            await browser.get(scene.path)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 3
