import re
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from cohorts.decisions.actions import vote
from cohorts.decisions.rules import Choice, ConditionAsked
from cohorts.months.actions import retake_months
from playbooks.entries.rules import EntryTopic
from program.database import execute, fetch_value, transaction
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import (
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
from tests.cohorts.scene import a_cohort, a_member, a_ready_pilot, an_activity, the_gate, the_item

NOW: datetime = machine_now()
TODAY = NOW.date()


class Scene:
    """A program at its first gate: a lead, a sponsor, a reviewer, somebody else, and the gate's own address."""

    def __init__(self, program: UUID, slug: str, lead: UUID, gate: UUID) -> None:
        self.program, self.slug, self.lead, self.gate = program, slug, lead, gate
        self.path = f"/programs/{slug}/gates/{gate}"

    async def somebody(self, role: Role) -> UUID:
        return await a_person_with(role, self.program, self.lead, f"Somebody {role.value.title()}")

    async def votes(
        self,
        *people: UUID,
        choice: Choice = Choice.OPEN,
        comment: str = "It works.",
        conditions: tuple[ConditionAsked, ...] = (),
    ) -> None:
        for person in people:
            await vote(
                self.gate,
                choice,
                program=self.program,
                comment=comment,
                conditions=conditions,
                by=person,
                now=NOW,
                today=TODAY,
                sent=a_form(),
            )


async def a_scene(*, ready: bool = False) -> Scene:
    lead = await an_owner()
    program = await a_program(lead, lacking=EntryTopic.JOURNALISTS)
    slug = await fetch_value("SELECT slug FROM program WHERE id = $1", program)
    gate = await (a_ready_pilot(program, lead, today=TODAY) if ready else the_gate(program))
    return Scene(program, slug, lead, gate)


async def opened_by(browser: Browser, person: UUID, path: str) -> str:
    await browser.sign_in(person)
    answer = await browser.get(path)
    assert answer.status_code == 200, words_of(answer.text)
    return words_of(answer.text)


async def test_the_page_begins_with_what_holds_the_gate_shut(browser: Browser) -> None:
    scene = await a_scene()
    text = await opened_by(browser, scene.lead, scene.path)
    assert "Gate to “First circle”" in text
    assert "things hold this gate shut:" in text
    assert "the phase has no cohort whose months could count" in text
    assert "no entry yet helps with journalists" in text
    assert "What would help most" in text
    assert browser.answer is not None
    assert "<strong>no entry yet helps with journalists</strong>" in browser.answer.text


async def test_a_lead_and_a_sponsor_open_a_ready_gate(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    sponsor = await scene.somebody(Role.SPONSOR)
    assert "Nothing holds this gate shut" in await opened_by(browser, scene.lead, scene.path)
    answer = await browser.post(f"{scene.path}/votes", {"choice": "open", "comment": "Go."}, on=scene.path)
    assert (answer.status_code, answer.headers["location"]) == (303, scene.path)
    text = await opened_by(browser, sponsor, scene.path)
    assert "Still to vote: a sponsor." in text
    answer = await browser.post(f"{scene.path}/votes", {"choice": "open", "comment": ""}, on=scene.path)
    assert answer.status_code == 303
    text = await opened_by(browser, scene.lead, scene.path)
    assert "opened" in text
    assert "As everything stood on the day of the decision." in text
    assert "Olga Owner Open it “Go.”" in text
    assert "What do you want?" not in text


async def test_the_same_vote_sent_twice_is_one_vote(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    await browser.sign_in(scene.lead)
    key = str(uuid4())
    for _ in range(2):
        answer = await browser.post(
            f"{scene.path}/votes", {"choice": "open", "comment": ""}, on=scene.path, form_key=key
        )
        assert answer.status_code == 303
    assert await fetch_value("SELECT count(*) FROM vote") == 1
    answer = await browser.post(
        f"{scene.path}/votes", {"choice": "keep_shut", "comment": ""}, on=scene.path, form_key=key
    )
    assert answer.status_code == 422
    assert "already sent once" in words_of(answer.text)


async def test_opening_a_shut_gate_is_refused_and_what_was_typed_stays(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.path}/votes", {"choice": "open", "comment": "My words."}, on=scene.path
    )
    assert answer.status_code == 422
    text = words_of(answer.text)
    assert "The gate cannot be opened yet." in text
    assert "My words." in text


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"choice": "", "comment": ""}, "Please choose one of these."),
        ({"choice": "burn", "comment": ""}, "Please choose one of these."),
        ({"choice": "override", "comment": " "}, "Please fill this in."),
        ({"choice": "keep_shut", "comment": "x" * 6_000}, "characters too long"),
    ],
)
async def test_a_bad_vote_says_what_is_wrong(browser: Browser, form: dict[str, str], problem: str) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    answer = await browser.post(f"{scene.path}/votes", form, on=scene.path)
    assert answer.status_code == 422
    assert problem in words_of(answer.text)


async def test_who_changes_their_vote_begins_with_the_one_they_cast(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    await browser.sign_in(scene.lead)
    cast = {
        "choice": "open_with_conditions",
        "comment": "With a second coach.",
        "condition_what_1": "Name a second coach.",
        "condition_owner_1": str(scene.lead),
        "condition_due_1": "2027-04-01",
    }
    assert (await browser.post(f"{scene.path}/votes", cast, on=scene.path)).status_code == 303
    page = (await browser.get(scene.path)).text
    assert re.search(r'value="open_with_conditions"[^>]* checked', page)
    assert "With a second coach.</textarea>" in page
    assert 'value="Name a second coach."' in page
    assert f'<option value="{scene.lead}" selected>' in page
    assert 'value="2027-04-01"' in page


async def test_today_asks_for_a_vote_until_it_is_cast(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    home = f"/programs/{scene.slug}"
    sponsor = await scene.somebody(Role.SPONSOR)
    assert "Next: vote on the gate" in await opened_by(browser, sponsor, home)
    assert "Change your vote" not in await opened_by(browser, sponsor, scene.path)
    await scene.votes(sponsor)
    assert "vote on the gate" not in await opened_by(browser, sponsor, home)
    assert "Change your vote" in await opened_by(browser, sponsor, scene.path)
    assert "ote on the gate" in await opened_by(browser, scene.lead, home)


async def test_conditions_are_typed_row_by_row_and_met_on_the_same_page(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    sponsor = await scene.somebody(Role.SPONSOR)
    await scene.votes(sponsor)
    await browser.sign_in(scene.lead)
    asked = {"choice": "open_with_conditions", "comment": ""}
    answer = await browser.post(f"{scene.path}/votes", asked, on=scene.path)
    assert "name at least one condition" in words_of(answer.text)
    answer = await browser.post(
        f"{scene.path}/votes", {**asked, "condition_what_2": "Brief IT"}, on=scene.path
    )
    assert answer.status_code == 422
    assert "Brief IT" in answer.text
    row = {
        "condition_what_2": "Brief IT",
        "condition_owner_2": str(sponsor),
        "condition_due_2": (TODAY + timedelta(days=9)).isoformat(),
    }
    answer = await browser.post(f"{scene.path}/votes", asked | row, on=scene.path)
    assert answer.status_code == 303, words_of(answer.text)
    text = await opened_by(browser, sponsor, scene.path)
    assert "opened with conditions" in text
    condition = await fetch_value("SELECT id FROM condition")
    following = await fetch_value(
        "SELECT g.id FROM gate g JOIN phase f ON f.id = g.phase WHERE g.program = $1 AND f.position = 1",
        scene.program,
    )
    await browser.sign_in(scene.lead)
    next_gate = (await browser.get(f"/programs/{scene.slug}/gates/{following}")).text
    assert f'href="{scene.path}#decision">To its gate' in next_gate
    await browser.sign_in(sponsor)
    answer = await browser.post(f"{scene.path}/conditions/{condition}", on=scene.path)
    assert answer.status_code == 303
    assert "met on" in await opened_by(browser, sponsor, scene.path)
    reviewer = await scene.somebody(Role.REVIEWER)
    await browser.sign_in(reviewer)
    answer = await browser.post(f"{scene.path}/conditions/{condition}")
    assert answer.status_code == 403


async def test_an_override_is_marked_wherever_the_gate_is_shown(browser: Browser) -> None:
    scene = await a_scene()
    sponsor = await scene.somebody(Role.SPONSOR)
    await scene.votes(scene.lead, sponsor, choice=Choice.OVERRIDE, comment="The fair is in July.")
    listed = await a_listed_person(scene.program, scene.lead, "Lia Listed")
    assert "The fair is in July." in await opened_by(browser, scene.lead, scene.path)
    for person in (scene.lead, listed):
        assert "override" in await opened_by(browser, person, scene.path)
        home = scene.path.split("/gates/")[0]
        assert "This gate has been opened. opened though not ready" in await opened_by(browser, person, home)
    assert "It was not ready then." in await opened_by(browser, scene.lead, f"{home}/rollout")


async def test_a_lead_holds_the_gate_and_lifts_the_hold(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    until = (TODAY + timedelta(days=30)).isoformat()
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.path}/holds", {"hold_until": "soon", "hold_reason": ""}, on=scene.path
    )
    assert answer.status_code == 422
    assert "Please give a day" in words_of(answer.text)
    answer = await browser.post(
        f"{scene.path}/holds", {"hold_until": TODAY.isoformat(), "hold_reason": "Wait."}, on=scene.path
    )
    assert "Please choose a day after today" in words_of(answer.text)
    answer = await browser.post(
        f"{scene.path}/holds", {"hold_until": until, "hold_reason": "The works council asks."}, on=scene.path
    )
    assert answer.status_code == 303
    assert "The works council asks." in await opened_by(browser, scene.lead, scene.path)
    answer = await browser.post(f"{scene.path}/holds/lifting", on=scene.path)
    assert answer.status_code == 303
    assert "Nothing holds this gate shut" in await opened_by(browser, scene.lead, scene.path)


async def test_a_lead_counts_the_months_anew(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    await browser.sign_in(scene.lead)
    answer = await browser.post(
        f"{scene.path}/recycles", {"recycle_from": "", "recycle_reason": ""}, on=scene.path
    )
    assert answer.status_code == 422
    answer = await browser.post(
        f"{scene.path}/recycles",
        {"recycle_from": TODAY.isoformat(), "recycle_reason": "The policy changed."},
        on=scene.path,
    )
    assert answer.status_code == 303
    assert "0 of 6" in await opened_by(browser, scene.lead, scene.path)


async def test_advice_speaks_to_whoever_it_is_about(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    asked = ConditionAsked(what="Name a second coach", owner=scene.lead, due_on=TODAY + timedelta(days=60))
    sponsor = await scene.somebody(Role.SPONSOR)
    await scene.votes(scene.lead, sponsor, choice=Choice.OPEN_WITH_CONDITIONS, conditions=(asked,))
    path = scene.path.replace(str(scene.gate), str(await the_gate(scene.program, 1)))
    item = await the_item(await the_gate(scene.program, 1))
    await execute("UPDATE criterion SET owner = $2 WHERE id = $1", item, scene.lead)
    told = await opened_by(browser, scene.lead, path)
    assert "You see to “Name a second coach”, a condition of an earlier gate, due on" in told
    assert "You see to “The sponsor is briefed”. Tick it off when it is done." in told
    await execute("UPDATE condition SET due_on = $1", TODAY - timedelta(days=1))
    late = await opened_by(browser, scene.lead, path)
    assert "You see to “Name a second coach”, a condition of an earlier gate. It was due on" in late
    await execute("UPDATE condition SET owner = $1", sponsor)
    assert "Somebody Sponsor sees to “Name a second coach”" in await opened_by(browser, scene.lead, path)


async def test_a_checklist_item_is_ticked_off_in_its_row_and_taken_back(browser: Browser) -> None:
    scene = await a_scene()
    item = await the_item(scene.gate)
    await browser.sign_in(scene.lead)
    for done in ("done", "not done"):
        answer = await browser.post(f"{scene.path}/checklist/{item}", on=scene.path)
        assert answer.status_code == 303
        page = words_of((await browser.get(scene.path)).text)
        assert f"The sponsor is briefed {done}" in page.replace(
            "“The sponsor is briefed” is not done yet. ", ""
        )


@pytest.mark.parametrize("under", ["votes", "holds", "holds/lifting", "recycles"])
async def test_deciding_is_for_those_who_keep_the_gate(browser: Browser, under: str) -> None:
    scene = await a_scene()
    for person in (
        await scene.somebody(Role.REVIEWER),
        await a_listed_person(scene.program, scene.lead, "Lia Listed"),
    ):
        await browser.sign_in(person)
        answer = await browser.post(f"{scene.path}/{under}", {"choice": "open"})
        assert answer.status_code == 403
    assert await fetch_value("SELECT count(*) FROM vote") == 0


async def test_a_listed_person_may_not_tick_off_what_is_not_theirs(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(await a_listed_person(scene.program, scene.lead, "Lia Listed"))
    answer = await browser.post(f"{scene.path}/checklist/{await the_item(scene.gate)}", {"done": "yes"})
    assert answer.status_code == 403


async def test_outsiders_and_other_programs_find_no_gate(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(await a_person("Otto Outsider"))
    assert (await browser.get(scene.path)).status_code == 404
    other = await a_program(scene.lead, "Another")
    slug = await fetch_value("SELECT slug FROM program WHERE id = $1", other)
    await browser.sign_in(scene.lead)
    for path in (f"/programs/{slug}/gates/{scene.gate}", f"/programs/{scene.slug}/gates/{uuid4()}"):
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(f"{path}/votes", {"choice": "keep_shut"})).status_code == 404
        assert (await browser.post(f"{path}/holds/lifting")).status_code == 404
    browser.sign_out()
    assert (await browser.get(scene.path)).status_code == 303


async def test_others_learn_only_the_state_and_the_forecast(browser: Browser) -> None:
    scene = await a_scene()
    text = await opened_by(
        browser, await a_listed_person(scene.program, scene.lead, "Lia Listed"), scene.path
    )
    assert "Nobody can tell yet when this gate will be ready." in text
    assert "What the gate asks" not in text
    assert "Decision" not in text


async def test_a_member_sees_the_months_and_why_it_was_decided_so_but_not_who_voted(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    sponsor = await scene.somebody(Role.SPONSOR)
    cohort = await fetch_value("SELECT id FROM cohort WHERE program = $1", scene.program)
    member = await a_listed_person(scene.program, scene.lead, "Mia Member")
    await a_member(cohort, [("active", TODAY, None)], member)
    await scene.votes(sponsor, comment="Secret until decided.")
    text = await opened_by(browser, member, scene.path)
    assert "Tracked months" in text
    assert "Secret until decided." not in text
    await scene.votes(scene.lead, comment="It works.")
    text = await opened_by(browser, member, scene.path)
    assert "It works." in text
    assert "Olga Owner" not in text


async def test_a_month_that_did_not_count_says_why_and_few_people_stay_unseen(browser: Browser) -> None:
    scene = await a_scene()
    start = TODAY - timedelta(days=70)
    cohort = await a_cohort(scene.program, scene.lead, start=start)
    for _ in range(4):
        enrolment = await a_member(cohort, [("active", start, None)])
    await an_activity(cohort, enrolment, start, month=0)
    assert "not counted, as only 1 of 4 took part" in await opened_by(browser, scene.lead, scene.path)
    text = await opened_by(browser, await scene.somebody(Role.SPONSOR), scene.path)
    assert "not counted, as too few members took part" in text
    assert "25" not in text.split("What the gate asks")[1].split("learnings accepted")[0]
    assert "Too few people to show a figure." in text


async def test_gate_and_cohort_take_few_queries_however_much_was_done(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    cohort = await fetch_value("SELECT id FROM cohort WHERE program = $1", scene.program)
    pages = (scene.path, f"/programs/employee-voices/cohorts/{cohort}")
    before = [await queries_of(browser, scene, path) for path in pages]
    assert max(before) <= 8
    await execute(
        "INSERT INTO activity (id, cohort, enrolment, kind, network, done_on, month, logged_at)"
        " SELECT gen_random_uuid(), e.cohort, e.id, 'talk', 'in_person', $2::date, 5, now()"
        " FROM enrolment e, generate_series(1, 1700) WHERE e.cohort = $1",
        cohort,
        TODAY - timedelta(days=5),
    )
    await execute(
        "UPDATE member_month SET activities = activities + 1700 WHERE cohort = $1 AND month = 5", cohort
    )
    async with transaction():
        await retake_months(cohort, from_on=date(2020, 1, 1), today=TODAY, now=NOW)
    assert [await queries_of(browser, scene, path) for path in pages] == before


async def queries_of(browser: Browser, scene: Scene, path: str) -> int:
    """How many queries a page takes once its connection knows the types."""
    await opened_by(browser, scene.lead, path)
    with counted_queries() as queries:
        await browser.get(path)
    return len(queries)
