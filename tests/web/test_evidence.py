from datetime import date, timedelta
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta

from cohorts.cohorts.actions import appoint_coach
from cohorts.decisions.rules import Choice, ConditionAsked
from cohorts.incidents.actions import report_incident
from cohorts.incidents.rules import Gravity
from cohorts.months.actions import retake_months
from playbooks.entries.rules import EntryKind, EntryText, EntryTopic
from playbooks.learnings.actions import log_learning
from playbooks.learnings.rules import LearningKind, LearningText
from playbooks.reviews.actions import accept_learnings
from program.database import execute, fetch_value, transaction
from program.roles.rules import Role
from tests.cast import Browser, a_form, a_listed_person, counted_queries, words_of
from tests.cohorts.scene import a_cohort, a_member, an_activity, the_item
from tests.web.test_gates import NOW, TODAY, Scene, a_scene, opened_by

pytestmark = pytest.mark.usefixtures("database")
START = TODAY - relativedelta(months=3)


async def evidence_of(browser: Browser, scene: Scene, measure: str, person: UUID | None = None) -> str:
    criterion = await fetch_value(
        "SELECT id FROM criterion WHERE gate = $1 AND COALESCE(measure, kind) = $2", scene.gate, measure
    )
    return await opened_by(browser, person or scene.lead, f"{scene.path}/criteria/{criterion}")


async def a_running_scene(members: int = 4, quiet: int = 1) -> tuple[Scene, UUID, UUID]:
    """A pilot of three months, of whose members some did nothing in the last two; one of them, and the cohort."""
    scene = await a_scene()
    cohort = await a_cohort(scene.program, scene.lead, start=START)
    person = await a_listed_person(scene.program, scene.lead, "Mia Member")
    for number in range(members):
        enrolment = await a_member(cohort, [("active", START, None)], person if number == 0 else None)
        for month in range(4 if number >= quiet else 1):
            await an_activity(cohort, enrolment, START + relativedelta(months=month), month=month)
    async with transaction():
        await retake_months(cohort, from_on=START, today=TODAY, now=NOW)
    return scene, cohort, person


async def test_the_months_are_told_one_by_one_with_their_figures(browser: Browser) -> None:
    scene, _cohort, _member = await a_running_scene()
    text = await evidence_of(browser, scene, "months")
    assert "Six months of tracked performance" in text
    assert "counted, 4 of 4 took part" in text
    assert "counted, 3 of 4 took part" in text
    text = await evidence_of(browser, scene, "took_part_share")
    assert "100 %" in text
    assert "From 100 % on" in text


async def test_a_sponsor_sees_no_figures_of_few_people(browser: Browser) -> None:
    scene, _cohort, _member = await a_running_scene()
    sponsor = await scene.somebody(Role.SPONSOR)
    for measure in ("months", "took_part_share"):
        text = await evidence_of(browser, scene, measure, sponsor)
        assert "4 of 4" not in text
        assert "3 of 4" not in text
    assert "Too few people to show a figure." in text
    assert "75 %" not in text


async def test_each_topic_has_its_entries_or_says_what_is_lacking(browser: Browser) -> None:
    scene, _cohort, member = await a_running_scene()
    await execute("UPDATE edition_entry SET topic = 'other' WHERE topic IN ('journalists', 'advocates')")
    await execute("UPDATE entry SET topic = 'other' WHERE topic = 'advocates'")
    text = LearningText(kind=LearningKind.DO, topic=EntryTopic.JOURNALISTS, lesson="Ask first.")
    for _ in range(2):
        await log_learning(scene.program, text, send=True, by=member, now=NOW, sent=a_form())
    told = await evidence_of(browser, scene, "topics_covered")
    assert "No entry of the newest edition helps with this." in told
    assert "2 learnings about it wait at the desk" in told
    sponsor = await evidence_of(browser, scene, "topics_covered", await scene.somebody(Role.SPONSOR))
    assert "wait at the desk" not in sponsor
    assert "In the draft" not in sponsor


async def test_accepted_learnings_are_shown_to_those_who_may_read_them(browser: Browser) -> None:
    scene, _cohort, member = await a_running_scene()
    text = LearningText(kind=LearningKind.DO, topic=EntryTopic.JOURNALISTS, lesson="Ask which paper.")
    learning = await log_learning(scene.program, text, send=True, by=member, now=NOW, sent=a_form())
    entry = EntryText(
        chapter="Journalists",
        kind=EntryKind.DO,
        topic=EntryTopic.JOURNALISTS,
        title="Ask first",
        body="Then send it.",
    )
    await accept_learnings(
        scene.program, [learning], entry, by=scene.lead, now=NOW, today=TODAY, sent=a_form()
    )
    assert "Ask which paper. Mia Member" in await evidence_of(browser, scene, "learnings_accepted")
    sponsor = await scene.somebody(Role.SPONSOR)
    told = await evidence_of(browser, scene, "learnings_accepted", sponsor)
    assert "Ask which paper." not in told
    assert "Mia Member" not in told


async def test_an_open_incident_tells_that_it_is_open_and_no_more(browser: Browser) -> None:
    scene = await a_scene()
    await report_incident(
        Gravity.GRAVE, "A secret.", program=scene.program, by=scene.lead, now=NOW, sent=a_form()
    )
    told = await evidence_of(browser, scene, "grave_incidents_open", await scene.somebody(Role.SPONSOR))
    assert "What happened stays between those who reported it and the reviewers." in told
    assert "A secret." not in told


async def test_originality_says_why_it_is_not_measured(browser: Browser) -> None:
    scene = await a_scene()
    told = await evidence_of(browser, scene, "originality")
    assert "Originality has not been measured yet." in told
    assert "Without a brief there is nothing to compare, so it is not measured." in told
    assert "Nothing has been measured yet" in told


async def test_a_checklist_item_says_who_ticked_it_and_when(browser: Browser) -> None:
    scene = await a_scene()
    item = await the_item(scene.gate)
    assert "Ticked off not yet" in await evidence_of(browser, scene, "checklist")
    await browser.post(f"{scene.path}/checklist/{item}", {"done": "yes"}, on=f"{scene.path}/criteria/{item}")
    assert "Ticked off by Olga Owner on" in await evidence_of(browser, scene, "checklist")


async def test_evidence_is_for_those_who_see_what_the_gate_asks(browser: Browser) -> None:
    scene, _cohort, member = await a_running_scene()
    item = await the_item(scene.gate)
    assert "The sponsor is briefed" in await evidence_of(browser, scene, "checklist", member)
    await browser.sign_in(await a_listed_person(scene.program, scene.lead, "Lou Listed"))
    assert (await browser.get(f"{scene.path}/criteria/{item}")).status_code == 404
    await browser.sign_in(scene.lead)
    assert (await browser.get(f"{scene.path}/criteria/{scene.gate}")).status_code == 404


async def test_what_would_help_names_the_quiet_and_their_coach(browser: Browser) -> None:
    scene, cohort, _member = await a_running_scene(quiet=2)
    coach = await a_listed_person(scene.program, scene.lead, "Cora Coach")
    text = await opened_by(browser, scene.lead, scene.path)
    assert "Two members of “Pilot” have been quiet since" in text
    assert "They have no coach yet." in text
    await appoint_coach(cohort, coach, program=scene.program, by=scene.lead, now=NOW)
    assert "Ask Cora Coach, their coach." in await opened_by(browser, scene.lead, scene.path)
    other = await a_listed_person(scene.program, scene.lead, "Carl Coach")
    await appoint_coach(cohort, other, program=scene.program, by=scene.lead, now=NOW)
    assert "Ask Carl Coach and Cora Coach, who coach them." in await opened_by(
        browser, scene.lead, scene.path
    )
    assert "quiet since" not in await opened_by(browser, await scene.somebody(Role.SPONSOR), scene.path)


async def test_a_cohort_is_left_out_with_a_reason_and_taken_in_again(browser: Browser) -> None:
    scene, cohort, _member = await a_running_scene()
    await a_cohort(scene.program, scene.lead, start=START, name="Lyon")
    await browser.sign_in(scene.lead)
    path = f"{scene.path}/cohorts/{cohort}"
    answer = await browser.post(f"{path}/leave", {f"leave_{cohort}": " "}, on=scene.path)
    assert answer.status_code == 422
    answer = await browser.post(f"{path}/leave", {f"leave_{cohort}": "It is too small."}, on=scene.path)
    assert answer.status_code == 303
    text = await opened_by(browser, scene.lead, scene.path)
    assert "A lead left this cohort out: It is too small." in text
    assert (await browser.post(f"{path}/return", on=scene.path)).status_code == 303
    assert "It is too small." not in await opened_by(browser, scene.lead, scene.path)


async def opened_with_a_condition(scene: Scene, owner: UUID) -> UUID:
    """The sponsor; the gate is opened on condition that the owner does something."""
    sponsor = await scene.somebody(Role.SPONSOR)
    asked = ConditionAsked(what="Name a second coach", owner=owner, due_on=TODAY + timedelta(days=60))
    await scene.votes(scene.lead, sponsor, choice=Choice.OPEN_WITH_CONDITIONS, conditions=(asked,))
    return sponsor


async def test_the_decision_is_shown_as_it_was(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    sponsor = await opened_with_a_condition(scene, scene.lead)
    text = await opened_by(browser, sponsor, f"{scene.path}/decision")
    assert "Gate to “First circle”: opened with conditions" in text
    assert "Twelve learnings accepted into the playbook 12" in text
    assert "Somebody Sponsor Open it, with conditions “It works.”" in text
    assert "Name a second coach Olga Owner, by" in text
    assert "still have the fingerprint" in text
    kept = await fetch_value("SELECT encode(evidence_hash, 'hex') FROM decision")
    assert kept in text
    await execute("DELETE FROM activity")
    await execute("DELETE FROM reading")
    assert await opened_by(browser, sponsor, f"{scene.path}/decision") == text


async def test_evidence_that_was_tampered_with_is_told(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    await scene.votes(scene.lead, await scene.somebody(Role.SPONSOR))
    await execute("UPDATE decision SET evidence = jsonb_set(evidence, '{judged_on}', '\"2026-01-01\"')")
    text = await opened_by(browser, scene.lead, f"{scene.path}/decision")
    assert "do not have the fingerprint any more" in text


async def test_an_override_says_what_held_the_gate_shut(browser: Browser) -> None:
    scene = await a_scene()
    await scene.votes(scene.lead, await scene.somebody(Role.SPONSOR), choice=Choice.OVERRIDE)
    text = await opened_by(browser, scene.lead, f"{scene.path}/decision")
    assert "It was opened although it was not ready:" in text


async def test_the_evidence_of_a_decided_gate_is_what_was_kept(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    await scene.votes(scene.lead, await scene.somebody(Role.SPONSOR))
    told = await evidence_of(browser, scene, "learnings_accepted")
    assert "This is met." in told
    assert "The decision kept where it stood that day." in told


async def test_whoever_sees_to_a_condition_finds_it_at_the_gate(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    lou = await a_listed_person(scene.program, scene.lead, "Lou Listed")
    await opened_with_a_condition(scene, lou)
    assert "Your conditions Name a second coach" in await opened_by(browser, lou, scene.path)
    condition = await fetch_value("SELECT id FROM condition")
    answer = await browser.post(f"{scene.path}/conditions/{condition}", on=scene.path)
    assert answer.status_code == 303
    assert "met on" in await opened_by(browser, lou, scene.path)


async def test_a_decision_is_for_those_who_see_the_votes_and_only_once_there_is_one(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    assert (await browser.get(f"{scene.path}/decision")).status_code == 404
    await browser.sign_in(await a_listed_person(scene.program, scene.lead, "Lou Listed"))
    assert (await browser.get(f"{scene.path}/decision")).status_code == 403


@pytest.mark.parametrize("members", [1, 3, 50])
async def test_evidence_costs_the_same_however_many_members_there_are(browser: Browser, members: int) -> None:
    scene = await a_scene()
    cohort = await a_cohort(scene.program, scene.lead, start=date(2026, 1, 1))
    for _ in range(members):
        await a_member(cohort, [("active", date(2026, 1, 1), None)])
    await browser.sign_in(scene.lead)
    criterion = await fetch_value(
        "SELECT id FROM criterion WHERE gate = $1 AND measure = 'learnings_accepted'", scene.gate
    )
    await browser.get(f"{scene.path}/criteria/{criterion}")
    with counted_queries() as seen:
        page = await browser.get(f"{scene.path}/criteria/{criterion}")
    assert page.status_code == 200, words_of(page.text)
    assert len(seen) <= 12
