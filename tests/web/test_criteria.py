from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.gate_changes.actions import add_checklist_item
from cohorts.gate_changes.rules import CriterionAsked
from program.database import execute, fetch_row, fetch_value
from program.roles.rules import Role
from tests.cast import Browser, a_form, a_listed_person, counted_queries, words_of
from tests.cohorts.scene import a_cohort, a_member, the_item
from tests.web.test_gates import NOW, TODAY, Scene, a_scene, opened_by

pytestmark = pytest.mark.usefixtures("database")


async def criterion(scene: Scene, measure: str) -> UUID:
    found: UUID = await fetch_value(
        "SELECT id FROM criterion WHERE gate = $1 AND measure = $2", scene.gate, measure
    )
    return found


async def refused(browser: Browser, path: str, values: dict[str, Any], on: str | None = None) -> str:
    answer = await browser.post(path, values, on=on or path)
    assert answer.status_code == 422, words_of(answer.text)
    return words_of(answer.text)


async def done(browser: Browser, path: str, values: dict[str, Any], on: str | None = None) -> None:
    answer = await browser.post(path, values, on=on or path)
    assert answer.status_code == 303, words_of(answer.text)


async def test_a_lead_sees_all_that_a_gate_asks_and_changes_a_target(browser: Browser) -> None:
    scene = await a_scene()
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria")
    assert "Change it freely until tracking begins." in text
    assert "Six months of tracked performance" in text
    assert "Nothing yet: this is what every gate asks to begin with." in text
    share = await criterion(scene, "took_part_share")
    path = f"{scene.path}/criteria/{share}/change"
    page = await browser.get(path)
    assert 'name="target" value="60"' in page.text
    values = {
        "required": "yes",
        "comparison": "at_least",
        "target": "52,5 %",
        "over_months": "2",
        "reason": "",
    }
    await done(browser, path, values)
    row = await fetch_row("SELECT target, over_months FROM criterion WHERE id = $1", share)
    assert row is not None
    assert (float(row["target"]), row["over_months"]) == (0.525, 2)
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria")
    assert "became “At least 52 % took part in each of the last two months”" in text


async def test_after_tracking_began_a_change_takes_a_reason_that_everybody_inside_reads(
    browser: Browser,
) -> None:
    scene = await a_scene()
    cohort = await a_cohort(scene.program, scene.lead, start=TODAY - timedelta(days=40))
    member = await a_listed_person(scene.program, scene.lead, "Mia Member")
    await a_member(cohort, [("active", TODAY - timedelta(days=40), None)], member)
    learnings = await criterion(scene, "learnings_accepted")
    path = f"{scene.path}/criteria/{learnings}/change"
    await browser.sign_in(scene.lead)
    values = {"required": "yes", "comparison": "at_least", "target": "8", "over_months": "", "reason": ""}
    assert "Please fill this in." in await refused(browser, path, values)
    await done(browser, path, {**values, "reason": "The pilot is small."})
    assert "“The pilot is small.” Olga Owner" in await opened_by(browser, scene.lead, scene.path)
    text = await opened_by(browser, member, scene.path)
    assert "Changed after tracking began" in text
    assert "became “Eight learnings accepted into the playbook”." in text
    assert "“The pilot is small.”" in text
    assert "Olga Owner" not in text
    lou = await a_listed_person(scene.program, scene.lead, "Lou Listed")
    assert "The pilot is small." not in await opened_by(browser, lou, scene.path)


@pytest.mark.parametrize("target", ["", "much", "101", "-1", "NaN", "Infinity", "1e9999", "0.00001"])
async def test_a_target_that_is_none_is_refused_and_kept_as_typed(browser: Browser, target: str) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    path = f"{scene.path}/criteria/{await criterion(scene, 'took_part_share')}/change"
    values = {
        "required": "yes",
        "comparison": "at_least",
        "target": target,
        "over_months": "99",
        "reason": "Mine.",
    }
    text = await refused(browser, path, values)
    assert "Mine." in text
    assert "Please give a whole number from 1 to 60." in text
    assert ("Please fill this in." if not target else "Please give a number from 0 to 100.") in text


async def test_a_measure_is_chosen_and_added(browser: Browser) -> None:
    scene = await a_scene()
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria/measures")
    assert "Conversation share" in text
    assert "Tracked months" not in text
    path = f"{scene.path}/criteria/measures"
    page = await browser.get(f"{path}?measure=incident_rate")
    assert '<option value="at_most" selected>' in page.text
    values = {
        "measure": "incident_rate",
        "comparison": "at_most",
        "target": "x",
        "over_months": "",
        "reason": "",
    }
    text = await refused(browser, path, values, on=f"{path}?measure=incident_rate")
    assert "Please give a number from 0 to 1,000,000,000." in text
    await done(browser, path, {**values, "target": "2.5"}, on=f"{path}?measure=incident_rate")
    assert "Incident rate at most 2.5 per 100 activities" in await opened_by(browser, scene.lead, scene.path)
    again = await refused(browser, path, {**values, "target": "3"}, on=f"{path}?measure=incident_rate")
    assert "The gate asks for incident rate already." in again
    assert "Which of these" in await refused(
        browser, path, {**values, "measure": "steps"}, on=f"{path}?measure=reach"
    )


async def test_a_checklist_item_is_added_with_its_owner_and_day(browser: Browser) -> None:
    scene = await a_scene()
    sponsor = await scene.somebody(Role.SPONSOR)
    await browser.sign_in(scene.lead)
    path = f"{scene.path}/criteria/items"
    values = {"item": "", "owner": str(sponsor), "due_on": "2020-01-01", "required": "yes", "reason": ""}
    assert "Please fill this in." in await refused(browser, path, values)
    assert "1 January 2020 has passed already." in await refused(browser, path, {**values, "item": "Done"})
    assert "Please give a day" in await refused(browser, path, {**values, "item": "Done", "due_on": "soon"})
    due = TODAY + timedelta(days=30)
    await done(browser, path, {**values, "item": "The works council agreed", "due_on": due.isoformat()})
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria")
    assert "Somebody Sponsor sees to it by" in text
    item = await fetch_value("SELECT id FROM criterion WHERE item = 'The works council agreed'")
    text = await opened_by(browser, sponsor, f"{scene.path}/criteria/{item}")
    assert "Who sees to it Somebody Sponsor" in text
    assert "Tick off" in text


async def test_an_owner_who_lost_their_role_is_not_changed_unasked(browser: Browser) -> None:
    scene = await a_scene()
    lou = await a_listed_person(scene.program, scene.lead, "Lou Listed")
    told: dict[str, Any] = {"program": scene.program, "by": scene.lead, "now": NOW, "today": TODAY}
    asked = CriterionAsked(required=True, item="Done", owner=lou)
    item = await add_checklist_item(scene.gate, asked, reason="", sent=a_form(), **told)
    await browser.sign_in(scene.lead)
    page = await browser.get(f"{scene.path}/criteria/{item}/change")
    assert f'<option value="{lou}" selected>Lou Listed</option>' in page.text
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria")
    assert "Lou Listed sees to it." in text


async def test_a_criterion_is_removed(browser: Browser) -> None:
    scene = await a_scene()
    await a_cohort(scene.program, scene.lead, start=date(2026, 1, 1))
    item = await the_item(scene.gate)
    await browser.sign_in(scene.lead)
    page, path = f"{scene.path}/criteria/{item}/change", f"{scene.path}/criteria/{item}/removal"
    assert "Please fill this in." in await refused(browser, path, {"removal_reason": ""}, on=page)
    await done(browser, path, {"removal_reason": "She is in the room."}, on=page)
    assert "“The sponsor is briefed” is asked no more." in await opened_by(browser, scene.lead, scene.path)
    assert (await browser.get(page)).status_code == 404


async def test_the_last_thing_required_is_not_removed(browser: Browser) -> None:
    scene = await a_scene()
    item = await the_item(scene.gate)
    await execute("UPDATE criterion SET required = (id = $1)", item)
    await browser.sign_in(scene.lead)
    page, path = f"{scene.path}/criteria/{item}/change", f"{scene.path}/criteria/{item}/removal"
    assert "A gate has to require something" in await refused(browser, path, {"removal_reason": ""}, on=page)


async def test_how_months_are_counted_is_changed(browser: Browser) -> None:
    scene = await a_scene()
    await browser.sign_in(scene.lead)
    path = f"{scene.path}/criteria/months"
    values = {
        "needed": "4",
        "in_a_row": "yes",
        "at_least_eligible": "5",
        "took_part_percent": "60",
        "pause_days": "3",
        "of_cohorts": "any",
        "reason": "",
    }
    text = await refused(browser, path, {**values, "needed": "0", "of_cohorts": "most"})
    assert "Please give a whole number from 1 to 60." in text
    assert "Please choose one of these." in text
    await done(browser, path, values)
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria")
    assert "4, in a row" in text
    assert "Any one cohort of the phase needs its months" in text
    assert "Four tracked months are needed instead of six." in text


async def test_a_decided_gate_offers_no_change(browser: Browser) -> None:
    scene = await a_scene(ready=True)
    await scene.votes(scene.lead, await scene.somebody(Role.SPONSOR))
    text = await opened_by(browser, scene.lead, f"{scene.path}/criteria")
    assert "This gate has been decided, so what it asked for stays as it was." in text
    assert "Add a measure" not in text
    path = f"{scene.path}/criteria/{await the_item(scene.gate)}/change"
    values = {"item": "Another", "owner": "", "due_on": "", "required": "yes", "reason": "Why."}
    assert "what it rested on stays as it was." in await refused(browser, path, values)


async def test_what_a_gate_asks_is_changed_by_leads_alone(browser: Browser) -> None:
    scene = await a_scene()
    item = await the_item(scene.gate)
    await browser.sign_in(await scene.somebody(Role.SPONSOR))
    for path in ("", "/measures", "/items", "/months", f"/{item}/change"):
        assert (await browser.get(f"{scene.path}/criteria{path}")).status_code == 403
    other = await a_scene_elsewhere(scene)
    await browser.sign_in(scene.lead)
    for unknown in (f"{scene.path}/criteria/{uuid4()}/change", f"{other}/criteria/{item}/change"):
        assert (await browser.get(unknown)).status_code == 404


async def a_scene_elsewhere(scene: Scene) -> str:
    """The second gate of the same program, which asks for other things."""
    gate = await fetch_value(
        "SELECT id FROM gate WHERE program = $1 AND id <> $2 LIMIT 1", scene.program, scene.gate
    )
    return f"/programs/{scene.slug}/gates/{gate}"


@pytest.mark.parametrize("items", [1, 3, 50])
async def test_what_a_gate_asks_costs_the_same_however_much_it_is(browser: Browser, items: int) -> None:
    scene = await a_scene()
    told: dict[str, Any] = {"program": scene.program, "by": scene.lead, "now": NOW, "today": TODAY}
    for number in range(items):
        asked = CriterionAsked(required=True, item=f"Item {number}")
        await add_checklist_item(scene.gate, asked, reason="", sent=a_form(), **told)
    await browser.sign_in(scene.lead)
    await browser.get(f"{scene.path}/criteria")
    with counted_queries() as seen:
        page = await browser.get(f"{scene.path}/criteria")
    assert page.status_code == 200
    assert len(seen) <= 6
