"""Measures and their readings over the API."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cohorts.cohorts.actions import appoint_coach
from cohorts.measures.rules import MEASURES
from cohorts.readings.actions import keep_program_reading, keep_reading
from program.database import transaction
from program.installation.queries import machine_now
from program.roles.rules import Role
from tests.cast import (
    NOON,
    Browser,
    a_listed_person,
    a_person_with,
    a_program,
    counted_queries,
)
from tests.cohorts.scene import a_cohort
from tests.web.api.caller import Caller, a_token, begun

HERE = "/api/v1/programs/employee-voices/readings"
TODAY = machine_now().date()
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


async def read(cohort: UUID, measure: str, *, on: date, figures: tuple[int, int], people: int) -> None:
    numerator, denominator = figures
    async with transaction():
        await keep_reading(
            cohort,
            measure,
            span="month",
            from_on=on,
            until_on=on + timedelta(days=30),
            numerator=numerator,
            denominator=denominator,
            people=people,
            now=NOON,
        )


async def items(caller: Caller, measure: str, **asked: Any) -> list[dict[str, Any]]:
    return await caller.items(HERE, measure=measure, **asked)


async def test_every_measure_is_told_as_it_is_defined(browser: Browser) -> None:
    _lead, _program, caller = await begun(browser)
    found = (await caller.get("/api/v1/measures", limit=200)).json()["items"]
    assert [each["name"] for each in found] == list(MEASURES)
    assert all(each["title"] and each["formula"] for each in found)
    share = next(each for each in found if each["name"] == "took_part_share")
    assert (share["unit"], share["direction"], share["over"], share["figure"]) == (
        "share",
        "up",
        "month",
        "quotient",
    )


async def test_readings_come_newest_first_with_what_they_are_made_of(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=MAY)
    for on, took_part in ((MAY, 3), (JUNE, 6)):
        await read(cohort, "took_part_share", on=on, figures=(took_part, 8), people=8)
    newest, oldest = await items(caller, "took_part_share")
    assert (newest["from_on"], oldest["from_on"]) == ("2026-06-01", "2026-05-01")
    kept = ("value", "numerator", "denominator", "people", "withheld", "cohort_id")
    assert [newest[name] for name in kept] == [0.75, 6, 8, 8, False, str(cohort)]
    assert newest["taken_at"] == "2026-06-01T12:00:00Z"
    (only,) = await items(caller, "took_part_share", since="2026-06-01")
    assert only["id"] == newest["id"]


async def test_readings_of_the_whole_program_say_what_is_lacking(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=MAY)
    async with transaction():
        await keep_program_reading(
            program,
            "topics_covered",
            on=TODAY,
            numerator=4,
            denominator=5,
            people=0,
            now=NOON,
            lacking=["journalists"],
        )
    (newest, *_) = await items(caller, "topics_covered", since=TODAY.isoformat())
    assert (newest["cohort_id"], newest["value"], newest["lacking"]) == (None, 0.8, ["journalists"])
    assert await items(caller, "topics_covered", cohort=str(cohort)) == []


async def test_small_groups_are_withheld_from_those_who_see_totals(browser: Browser) -> None:
    lead, program, _caller = await begun(browser)
    cohort = await a_cohort(program, lead, start=MAY)
    await read(cohort, "took_part_share", on=MAY, figures=(3, 4), people=4)
    await read(cohort, "took_part_share", on=JUNE, figures=(3, 5), people=5)
    await read(cohort, "eligible_share", on=JUNE, figures=(8, 9), people=9)
    await read(cohort, "learnings_accepted", on=JUNE, figures=(7, 1), people=2)
    sponsor = await a_person_with(Role.SPONSOR, program, lead, "Sam Sponsor")
    caller = Caller(browser.client, await a_token(sponsor))
    shown, hidden = await items(caller, "took_part_share")
    assert (shown["value"], shown["people"]) == (0.6, 5)
    assert [hidden[name] for name in ("value", "numerator", "denominator", "people", "withheld")] == [
        None,
        None,
        None,
        None,
        True,
    ]
    (one_missing,) = await items(caller, "eligible_share")
    assert one_missing["withheld"]
    (counted,) = await items(caller, "learnings_accepted")
    assert (counted["value"], counted["people"], counted["withheld"]) == (7, None, False)


async def test_a_coach_reads_of_their_own_cohort_alone_and_sees_few_people(browser: Browser) -> None:
    lead, program, _caller = await begun(browser)
    own, other = [await a_cohort(program, lead, start=MAY, name=name) for name in ("Own", "Other")]
    for cohort in (own, other):
        await read(cohort, "took_part_share", on=MAY, figures=(1, 2), people=2)
    coach = await a_listed_person(program, lead, "Cora Coach")
    await appoint_coach(own, coach, program=program, by=lead, now=NOON)
    caller = Caller(browser.client, await a_token(coach))
    (seen,) = await items(caller, "took_part_share")
    assert (seen["cohort_id"], seen["value"]) == (str(own), 0.5)
    assert await items(caller, "took_part_share", cohort=str(other)) == []


async def test_the_readings_of_another_program_are_not_there(browser: Browser) -> None:
    lead, _program, caller = await begun(browser)
    other = await a_program(lead, "Another one")
    cohort = await a_cohort(other, lead, start=MAY)
    await read(cohort, "took_part_share", on=MAY, figures=(1, 2), people=2)
    assert await items(caller, "took_part_share", cohort=str(cohort)) == []
    assert await items(caller, "took_part_share") == []


async def test_nothing_is_told_twice_or_missed_where_readings_are_taken_meanwhile(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    cohorts = [await a_cohort(program, lead, start=MAY, name=name) for name in ("A", "B", "C")]
    for cohort in cohorts:
        for on in (MAY, JUNE):
            await read(cohort, "reach", on=on, figures=(100, 5), people=5)
    first = (await caller.get(HERE, measure="reach", limit=4)).json()
    await read(cohorts[0], "reach", on=JULY, figures=(100, 5), people=5)
    second = (await caller.get(HERE, measure="reach", limit=4, after=first["next"])).json()
    ids = [each["id"] for each in [*first["items"], *second["items"]]]
    assert len(ids) == len(set(ids)) == 6
    assert second["next"] is None


async def test_readings_cost_the_same_however_many_cohorts_there_are(browser: Browser) -> None:
    lead, program, caller = await begun(browser)
    counts = []
    for more in (1, 2, 47):
        for number in range(more):
            cohort = await a_cohort(program, lead, start=MAY, name=f"{more}-{number}")
            await read(cohort, "reach", on=MAY, figures=(100, 5), people=5)
        await items(caller, "reach")
        with counted_queries() as seen:
            await items(caller, "reach")
        counts.append(len(seen))
    assert counts == [3, 3, 3]
