"""Gates over the API: what holds them shut in words and codes, and how they were decided."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta

from cohorts.decisions.actions import vote
from cohorts.decisions.rules import Choice
from cohorts.gates.actions import hold
from program.access_tokens.rules import Scope
from program.database import fetch_value
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_form,
    a_listed_person,
    a_person_with,
    counted_queries,
)
from tests.cohorts.scene import a_cohort, a_member, a_ready_pilot, the_gate
from tests.web.api.caller import Caller, a_token, begun

HERE = "/api/v1/programs/employee-voices/gates"
TODAY = machine_now().date()


async def told(caller: Caller, gate: UUID) -> dict[str, Any]:
    answer = await caller.get(f"{HERE}/{gate}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_shut_gate_says_what_holds_it_shut_in_words_and_codes(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=TODAY - relativedelta(months=1))
    await a_member(cohort, [("active", TODAY - relativedelta(months=1), None)])
    gate = await told(caller, await the_gate(program))
    assert gate["state"] == "shut"
    assert gate["name"] == "Gate to “First circle”"
    inside = gate["inside"]
    assert {each["code"] for each in inside["held_by"]} == {"criterion_not_met"}
    months = next(each for each in inside["criteria"] if each["kind"] == "months")
    assert (months["met"], months["value"], months["target"], months["required"]) == (False, 0, 6, True)
    assert months["reasons"] == [
        {"code": "months_still_needed", "text": "six more months have to be tracked"}
    ]
    assert months["forecast"]["code"] == "expected"
    assert months["forecast"]["basis"] == "calendar"
    assert months["id"] in {each["id"] for each in inside["held_by"]}
    (strip,) = inside["cohorts"]
    assert (strip["cohort_id"], strip["needed"]) == (str(cohort), 6)
    assert "hold this gate shut" in gate["sentence"]


async def test_a_ready_gate_is_held_by_nothing(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    gate = await told(caller, await a_ready_pilot(program, lead, today=TODAY))
    assert (gate["state"], gate["inside"]["held_by"]) == ("ready", [])
    assert all(each["met"] for each in gate["inside"]["criteria"] if each["required"])


async def test_a_hold_and_the_votes_are_for_those_who_keep_the_gate(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    gate = await the_gate(program)
    asked: dict[str, Any] = {"program": program, "now": machine_now(), "today": TODAY}
    await hold(gate, until_on=TODAY + timedelta(days=9), reason="A merger.", by=lead, sent=a_form(), **asked)
    await vote(gate, Choice.KEEP_SHUT, comment="Too soon.", conditions=(), by=sponsor, sent=a_form(), **asked)
    seen = await told(caller, gate)
    assert seen["hold"] == {"until_on": (TODAY + timedelta(days=9)).isoformat(), "reason": "A merger."}
    assert "held_until" in {each["code"] for each in seen["inside"]["held_by"]}
    cast = next(each["vote"] for each in seen["votes"] if each["vote"])
    assert (cast["name"], cast["choice"], cast["comment"]) == ("Sam Sponsor", "keep_shut", "Too soon.")
    assert all(each["text"] for each in seen["lacks"])
    nameless = await told(Caller(browser.client, await a_token(lead, [Scope.PROGRAM_READ])), gate)
    assert next(each["vote"] for each in nameless["votes"] if each["vote"])["name"] is None
    listed = await told(
        Caller(browser.client, await a_token(await a_listed_person(program, lead, "Lisa"))), gate
    )
    hidden = ("inside", "hold", "votes", "lacks", "decision", "reason")
    assert {listed[name] for name in hidden} == {None}
    assert listed["conditions"] == []


async def test_a_decided_gate_tells_its_decision_and_its_evidence(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    gate = await a_ready_pilot(program, lead, today=TODAY)
    asked: dict[str, Any] = {"program": program, "now": machine_now(), "today": TODAY, "conditions": ()}
    for person in (lead, sponsor):
        await vote(gate, Choice.OPEN, comment="Well done.", by=person, sent=a_form(), **asked)
    found = await told(caller, gate)
    assert found["state"] == "opened"
    decision = found["decision"]
    assert (decision["outcome"], decision["intact"]) == ("opened", True)
    assert decision["evidence_hash"] == (
        await fetch_value("SELECT encode(evidence_hash, 'hex') FROM decision WHERE gate = $1", gate)
    )
    assert [each["name"] for each in decision["votes"]] == ["Olga Owner", "Sam Sponsor"]
    assert found["votes"] is None
    assert found["inside"]["criteria"]
    (line, *_) = (await caller.get(HERE)).json()["items"]
    assert (line["id"], line["overridden"]) == (str(gate), False)
    assert line["decided_at"].endswith("Z")


async def test_few_people_are_hidden_from_those_who_see_totals(browser: Browser) -> None:
    lead, program, _caller = await begun(browser)
    start = TODAY - relativedelta(months=4)
    cohort = await a_cohort(program, lead, start=start)
    for _ in range(4):
        await a_member(cohort, [("active", start, None)])
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    gate = await told(Caller(browser.client, await a_token(sponsor)), await the_gate(program))
    share = next(each for each in gate["inside"]["criteria"] if each["measure"] == "took_part_share")
    assert (share["withheld"], share["value"], share["values"], share["people"]) == (True, None, [], None)
    assert share["stands"] == "too few people to show a figure"


@pytest.mark.parametrize("position", [0, 1])
async def test_a_gate_asks_the_same_however_many_cohorts_and_members_there_are(
    browser: Browser, position: int
) -> None:
    lead, program, caller = await begun(browser)
    gate = await the_gate(program, position)
    counts = []
    for more in (1, 2, 47):
        for number in range(more):
            cohort = await a_cohort(program, lead, start=TODAY, name=f"{more}-{number}", position=position)
            await a_member(cohort, [("active", TODAY, None)])
        await told(caller, gate)
        with counted_queries() as seen:
            await told(caller, gate)
            await caller.get(HERE)
        counts.append(len(seen))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 15
