from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.criteria.actions import tick
from cohorts.criteria.rules import Comparison
from cohorts.decisions.actions import vote
from cohorts.decisions.rules import Choice
from cohorts.gate_changes.actions import (
    GateKeepsAsking,
    add_checklist_item,
    add_measure,
    change_criterion,
    change_month_settings,
    leave_out,
    remove_criterion,
    take_in_again,
)
from cohorts.gate_changes.queries import changes_of, gate_asks
from cohorts.gate_changes.rules import CriterionAsked, MonthSettings, asked_of
from cohorts.gates.judged import the_gate as judged_gate
from cohorts.months.rules import OfCohorts
from program.database import execute, fetch_value, transaction
from program.programs.actions import end_listings
from program.refusals import NotAllowed, NotFound
from program.roles.rules import Reader, Role
from tests.cast import NOON, a_form, a_listed_person, a_person, a_person_with, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_ready_pilot, the_gate, the_item

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 6, 1)
ITEM = CriterionAsked(required=True, item="The works council agreed")


@dataclass(frozen=True)
class Scene:
    program: UUID
    lead: UUID
    gate: UUID

    def by(self, person: UUID | None = None, reason: str = "") -> dict[str, Any]:
        who = {"program": self.program, "by": person or self.lead, "now": NOON, "today": TODAY}
        return {**who, "reason": reason}

    async def asks(self):
        return await gate_asks(self.gate, seen_by=a_lead(self.program, self.lead))

    async def criterion(self, measure: str):
        return next(each for each in (await self.asks()).criteria if each.measure == measure)


def a_lead(program: UUID, person: UUID, *roles: Role) -> Reader:
    return Reader(
        person=person,
        name="",
        owner=False,
        program=program,
        granted=frozenset(roles or (Role.LEAD,)),
        listed=True,
        coached=frozenset(),
        memberships=(),
    )


async def a_scene(*, running: bool = False) -> Scene:
    lead = await an_owner()
    program = await a_program(lead)
    if running:
        await a_cohort(program, lead, start=date(2026, 5, 1))
    return Scene(program, lead, await the_gate(program))


async def events(name: str) -> int:
    return int(await fetch_value("SELECT count(*) FROM event WHERE name = $1", name))


async def test_a_changed_target_judges_from_then_on() -> None:
    scene = await a_scene()
    share = await scene.criterion("took_part_share")
    lower = replace(asked_of(share), target=Decimal("0.55"), over_months=2)
    await change_criterion(scene.gate, share.id, lower, **scene.by())
    judged = await judged_gate(scene.gate, program=scene.program, today=TODAY)
    assert judged.judged is not None
    standing = next(each for each in judged.judged.standings if each.criterion.id == share.id)
    assert (float(standing.target), standing.criterion.over_months) == (0.55, 2)
    (change,) = (await scene.asks()).changes
    assert change.before == replace(share, target=Fraction(share.target))
    assert change.after == replace(standing.criterion, target=Fraction(11, 20))
    assert await events("gate_asks_changed") == 1


async def test_what_stays_the_same_is_no_change() -> None:
    scene = await a_scene()
    share = await scene.criterion("took_part_share")
    await change_criterion(scene.gate, share.id, asked_of(share), **scene.by())
    await change_month_settings(scene.gate, (await scene.asks()).settings, **scene.by())
    assert (await scene.asks()).changes == ()
    assert await events("gate_asks_changed") == 0


async def test_after_tracking_began_the_reason_is_kept_and_needed() -> None:
    scene = await a_scene(running=True)
    share = await scene.criterion("took_part_share")
    advisory = replace(asked_of(share), required=False)
    with pytest.raises(GateKeepsAsking) as refused:
        await change_criterion(scene.gate, share.id, advisory, **scene.by())
    assert refused.value.field == "reason"
    assert refused.value.sentence() == "Please give a reason. It is kept with the gate."
    assert refused.value.reason_sentences() == []
    await change_criterion(scene.gate, share.id, advisory, **scene.by(reason=" A merger. "))
    (change,) = await changes_of(scene.gate, after_start=True)
    assert (change.reason, change.by_name) == ("A merger.", "Olga Owner")


async def test_month_settings_judge_from_then_on() -> None:
    scene = await a_scene()
    settings = MonthSettings(
        needed=4,
        in_a_row=True,
        at_least_eligible=5,
        took_part_percent=60,
        pause_days=3,
        of_cohorts=OfCohorts.ANY,
    )
    await change_month_settings(scene.gate, settings, **scene.by())
    judged = await judged_gate(scene.gate, program=scene.program, today=TODAY)
    assert judged.judged is not None
    asked = judged.judged.months.asked
    assert (asked.needed, asked.in_a_row, asked.of_cohorts) == (4, True, OfCohorts.ANY)
    assert (await scene.asks()).settings == settings
    (change,) = await changes_of(scene.gate)
    assert change.after == settings
    with pytest.raises(GateKeepsAsking):
        await change_month_settings(scene.gate, replace(settings, needed=0), **scene.by())


async def test_a_measure_is_added_at_the_end_once_however_often_it_is_sent() -> None:
    scene = await a_scene()
    asked = CriterionAsked(required=False, comparison=Comparison.AT_LEAST, target=Decimal("0.3"))
    form = a_form()
    first = await add_measure(scene.gate, "conversation_share", asked, sent=form, **scene.by())
    assert await add_measure(scene.gate, "conversation_share", asked, sent=form, **scene.by()) == first
    assert (await scene.asks()).criteria[-1].id == first
    with pytest.raises(GateKeepsAsking) as refused:
        await add_measure(scene.gate, "conversation_share", asked, sent=a_form(), **scene.by())
    assert refused.value.sentence().startswith("The gate asks for conversation share already.")
    for unknown in ("tracked_months", "steps_walked"):
        with pytest.raises(NotFound):
            await add_measure(scene.gate, unknown, asked, sent=a_form(), **scene.by())


async def test_a_checklist_item_has_an_owner_who_may_tick_it() -> None:
    scene = await a_scene()
    rita = await a_person_with(Role.REVIEWER, scene.program, scene.lead, "Rita Reviewer")
    asked = replace(ITEM, owner=rita, due_on=date(2026, 7, 1))
    item = await add_checklist_item(scene.gate, asked, sent=a_form(), **scene.by())
    await tick(item, program=scene.program, by=rita, now=NOON)
    asks = await scene.asks()
    assert asks.owner_names[rita] == "Rita Reviewer"
    (change,) = asks.changes
    assert change.owner_names == {rita: "Rita Reviewer"}


async def test_an_owner_without_a_role_is_still_named() -> None:
    scene = await a_scene()
    lou = await a_listed_person(scene.program, scene.lead, "Lou Listed")
    await add_checklist_item(scene.gate, replace(ITEM, owner=lou), sent=a_form(), **scene.by())
    assert (await scene.asks()).owner_names[lou] == "Lou Listed"


async def test_an_owner_from_elsewhere_is_not_found() -> None:
    scene = await a_scene()
    asked = replace(ITEM, owner=await a_person("Otto Outsider"))
    with pytest.raises(NotFound):
        await add_checklist_item(scene.gate, asked, sent=a_form(), **scene.by())
    with pytest.raises(NotFound):
        await change_criterion(scene.gate, await the_item(scene.gate), asked, **scene.by())


async def test_an_item_can_be_changed_whose_owner_has_left_the_programs_people() -> None:
    scene = await a_scene()
    lou = await a_listed_person(scene.program, scene.lead, "Lou Listed")
    item = await add_checklist_item(scene.gate, replace(ITEM, owner=lou), sent=a_form(), **scene.by())
    async with transaction():
        await end_listings(scene.program, [lou], by=scene.lead, now=NOON)
    later = replace(ITEM, owner=lou, due_on=date(2026, 7, 1))
    await change_criterion(scene.gate, item, later, **scene.by())
    kept = (await scene.asks()).criterion(item)
    assert (kept.owner, kept.due_on) == (lou, date(2026, 7, 1))


async def test_what_was_removed_judges_no_more_and_cannot_be_ticked() -> None:
    scene = await a_scene()
    item = await the_item(scene.gate)
    await remove_criterion(scene.gate, item, **scene.by())
    judged = await judged_gate(scene.gate, program=scene.program, today=TODAY)
    assert judged.judged is not None
    assert item not in {each.criterion.id for each in judged.judged.standings}
    for again in (
        tick(item, program=scene.program, by=scene.lead, now=NOON),
        remove_criterion(scene.gate, item, **scene.by()),
    ):
        with pytest.raises(NotFound):
            await again
    with pytest.raises(NotFound):
        (await scene.asks()).criterion(item)


async def test_the_last_thing_required_stays() -> None:
    scene = await a_scene()
    criteria = (await scene.asks()).criteria
    await execute("UPDATE criterion SET required = (id = $2) WHERE gate = $1", scene.gate, criteria[0].id)
    with pytest.raises(GateKeepsAsking):
        await remove_criterion(scene.gate, criteria[0].id, **scene.by())


async def test_a_decided_gate_stays_as_it_was() -> None:
    lead = await an_owner()
    program = await a_program(lead)
    gate = await a_ready_pilot(program, lead, today=TODAY)
    scene = Scene(program, lead, gate)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    for person in (lead, sponsor):
        told: dict[str, Any] = {"comment": "", "conditions": (), "sent": a_form()}
        who: dict[str, Any] = {"program": program, "by": person, "now": NOON, "today": TODAY}
        await vote(gate, Choice.OPEN, **told, **who)
    assert (await scene.asks()).asked.decided
    cohort = await fetch_value("SELECT id FROM cohort")
    for change in (
        remove_criterion(gate, await the_item(gate), **scene.by(reason="Why.")),
        add_checklist_item(gate, ITEM, sent=a_form(), **scene.by(reason="Why.")),
        leave_out(gate, cohort, **scene.by(reason="Why.")),
    ):
        with pytest.raises(GateKeepsAsking):
            await change


async def test_a_cohort_is_left_out_with_a_reason_and_taken_in_again() -> None:
    scene = await a_scene(running=True)
    cohort = await fetch_value("SELECT id FROM cohort")
    with pytest.raises(GateKeepsAsking):
        await leave_out(scene.gate, cohort, **scene.by())
    for _ in range(2):
        await leave_out(scene.gate, cohort, **scene.by(reason="It ended early."))
    judged = await judged_gate(scene.gate, program=scene.program, today=TODAY)
    assert judged.judged is not None
    assert [each.left_out for each in judged.judged.months.cohorts] == ["It ended early."]
    told = {name: value for name, value in scene.by().items() if name != "reason"}
    for _ in range(2):
        await take_in_again(scene.gate, cohort, **told)
    judged = await judged_gate(scene.gate, program=scene.program, today=TODAY)
    assert judged.judged is not None
    assert [each.left_out for each in judged.judged.months.cohorts] == [None]
    assert (await events("cohort_left_out"), await events("cohort_taken_in_again")) == (1, 1)


async def test_a_cohort_of_another_phase_is_not_found() -> None:
    scene = await a_scene()
    other = await a_cohort(scene.program, scene.lead, start=None, position=1)
    with pytest.raises(NotFound):
        await leave_out(scene.gate, other, **scene.by(reason="Why."))


async def test_only_leads_of_the_program_change_what_its_gate_asks() -> None:
    scene = await a_scene()
    sponsor = await a_person_with(Role.SPONSOR, scene.program, scene.lead, "Sam Sponsor")
    item = await the_item(scene.gate)
    with pytest.raises(NotAllowed):
        await remove_criterion(scene.gate, item, **scene.by(sponsor))
    other = Scene(await a_program(scene.lead, "Another"), scene.lead, scene.gate)
    with pytest.raises(NotFound):
        await remove_criterion(scene.gate, item, **other.by())
    for reader in (
        a_lead(scene.program, sponsor, Role.SPONSOR),
        a_lead(other.program, scene.lead),
    ):
        with pytest.raises(NotFound):
            await gate_asks(scene.gate, seen_by=reader)
    with pytest.raises(NotFound):
        await gate_asks(uuid4(), seen_by=a_lead(scene.program, scene.lead))
