"""What we see about you: the page, taking the data along, deleting from it, and leaving."""

import csv
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from uuid import UUID, uuid4

import pytest

from playbooks.own_data.rules import WHO_SEES, Audience, Noun, Sight
from playbooks.own_data.words import audience_text, noun_text, sight_text
from program.database import execute, fetch_value
from program.roles.rules import Role
from tests.cast import (
    Browser,
    a_listed_person,
    a_person_with,
    a_program,
    an_owner,
    counted_queries,
    words_of,
)
from tests.cohorts.scene import a_cohort, a_member, an_activity

HOME = "/programs/employee-voices"
HERE = f"{HOME}/me"
START = date(2026, 2, 1)
pytestmark = pytest.mark.usefixtures("database")


async def a_member_at(browser: Browser, *, state: str = "active") -> tuple[UUID, UUID, UUID]:
    """A signed-in member of a running cohort; the cohort; the enrolment."""
    lead = await an_owner()
    program = await a_program(lead)
    mia = await a_listed_person(program, lead, "Mia Member", job_title="Engineer")
    cohort = await a_cohort(program, lead, start=START)
    enrolment = await a_member(cohort, [(state, START, None)], mia)
    await browser.sign_in(mia)
    return mia, cohort, enrolment


async def the_activity() -> UUID:
    activity: UUID = await fetch_value("SELECT id FROM activity ORDER BY done_on LIMIT 1")
    return activity


def section_of(html: str, noun: Noun) -> str:
    """What stands of one noun on the page."""
    own_id = noun.name.lower().replace("_", "-")
    found = re.search(rf'<section[^>]*id="{own_id}".*?</section>', html, flags=re.DOTALL)
    assert found, noun
    return found[0]


@pytest.mark.parametrize("role", [None, Role.LEAD, Role.SPONSOR, Role.REVIEWER])
async def test_every_noun_of_the_domain_says_who_sees_it_and_who_does_not(
    browser: Browser, role: Role | None
) -> None:
    mia, _cohort, _enrolment = await a_member_at(browser)
    if role:
        lead = await fetch_value("SELECT person FROM owner")
        program = await fetch_value("SELECT id FROM program")
        mia = await a_person_with(role, program, lead, "Rolf Role")
    await browser.sign_in(mia)
    html = (await browser.get(HERE)).text
    for noun in Noun:
        section = section_of(html, noun)
        assert noun_text(noun) in words_of(section)
        lines = re.findall(r"<dd[^>]*data-noun.*?</dd>", section, flags=re.DOTALL)
        told: dict[str, str] = {}
        for who, what in (words_of(line).split(": ", 1) for line in lines):
            blind = who == "not seen by"
            for name in named_in(what if blind else who):
                assert name not in told
                told[name] = sight_text(Sight.NOTHING) if blind else what
        assert told == {audience_text(who): sight_text(sight) for who, sight in WHO_SEES[noun].items()}


def named_in(who: str) -> list[str]:
    """Whom a line names."""
    if who == "everybody in the program":
        return [audience_text(audience) for audience in Audience]
    return re.split(", | and ", who)


async def test_the_page_shows_the_data_itself(browser: Browser) -> None:
    _mia, cohort, enrolment = await a_member_at(browser)
    await an_activity(cohort, enrolment, date(2026, 2, 3), month=0)
    activity = await the_activity()
    for days, impressions, reactions in ((1, 100, None), (2, 1200, None), (0, 50, 7)):
        await execute(
            "INSERT INTO observation (id, cohort, activity, source, observed_at, impressions, reactions)"
            " VALUES ($1, $2, $3, 'x_analytics', $4, $5, $6)",
            uuid4(), cohort, activity, datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=days), impressions, reactions,
        )  # fmt: skip
    page = words_of((await browser.get(HERE)).text)
    assert "Engineer" in page
    assert "1,200 impressions and 7 reactions" in page
    assert "comments" not in page
    assert "active, since 1 February 2026 · took part in one month" in page


async def test_somebody_who_is_only_listed_reads_a_page_that_says_so(browser: Browser) -> None:
    lead = await an_owner()
    program = await a_program(lead)
    await browser.sign_in(await a_listed_person(program, lead, "Lisa Listed"))
    page = words_of((await browser.get(HERE)).text)
    for words in (
        "None yet: you are listed",
        "Nothing is kept.",
        "You have begun no track.",
        "You cast no vote.",
    ):
        assert words in page
    assert "Leave the program" not in page


async def test_deleting_an_activity_is_undone_with_one_tap(browser: Browser) -> None:
    _mia, cohort, enrolment = await a_member_at(browser)
    await an_activity(cohort, enrolment, date(2026, 2, 3), month=0)
    activity = await the_activity()
    gone = await browser.post(f"{HERE}/activities/{activity}/deletion", on=HERE)
    assert gone.headers["location"] == f"{HERE}?deleted={activity}#activity"
    page = await browser.get(f"{HERE}?deleted={activity}")
    assert "Deleted, and no longer counted." in words_of(page.text)
    assert await fetch_value("SELECT count(*) FROM activity") == 0
    back = await browser.post(f"{HERE}/activities/{activity}/restoration", on=f"{HERE}?deleted={activity}")
    assert back.status_code == 303
    assert await fetch_value("SELECT count(*) FROM activity") == 1
    assert "Deleted, and" not in words_of((await browser.get(f"{HERE}?deleted={activity}")).text)


async def test_whoever_has_left_may_still_delete_what_was_kept_and_nobody_else_may(browser: Browser) -> None:
    mia, cohort, enrolment = await a_member_at(browser, state="withdrawn")
    await an_activity(cohort, enrolment, date(2026, 2, 3), month=0)
    activity = await the_activity()
    await browser.sign_in(await fetch_value("SELECT person FROM owner"))
    assert (await browser.post(f"{HERE}/activities/{activity}/deletion")).status_code == 404
    await browser.sign_in(mia)
    assert (await browser.post(f"{HERE}/activities/{activity}/deletion", on=HERE)).status_code == 303


async def test_many_activities_are_read_page_by_page(browser: Browser) -> None:
    _mia, cohort, enrolment = await a_member_at(browser)
    for number in range(23):
        await an_activity(cohort, enrolment, START + timedelta(days=number), month=0)
    page = await browser.get(HERE)
    assert "23 activities are kept." in words_of(page.text)
    assert page.text.count("/deletion") == 20
    older = re.search(r'href="([^"]+\?before=[^"]+)"', page.text)
    assert older
    assert (await browser.get(older[1])).text.count("/deletion") == 3
    assert (await browser.get(f"{HERE}?before=junk&deleted=junk")).text.count("/deletion") == 20


async def test_the_data_is_taken_along_as_json_and_as_tables(browser: Browser) -> None:
    mia, cohort, enrolment = await a_member_at(browser)
    await an_activity(cohort, enrolment, date(2026, 2, 3), month=0)
    today = datetime.now(UTC).date().isoformat()
    answer = await browser.get(f"{HERE}/data.json")
    assert answer.headers["content-type"].startswith("application/json")
    assert f'filename="pilotage-employee-voices-{today}.json"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    told = json.loads(answer.content)
    assert (told["program"], told["person"][0]["id"]) == ("Employee voices", str(mia))
    answer = await browser.get(f"{HERE}/data.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert f'filename="pilotage-employee-voices-{today}.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        rows = list(csv.DictReader(StringIO(archive.read("activity.csv").decode("utf-8-sig"))))
    assert [row["done_on"] for row in rows] == ["2026-02-03"]


async def test_leaving_ends_tracking_and_leads_back_to_what_stays(browser: Browser) -> None:
    _mia, _cohort, enrolment = await a_member_at(browser)
    page = await browser.get(f"{HOME}/leaving")
    assert "It stays:" in words_of(page.text)
    long = await browser.post(f"{HOME}/leaving", {"reason": "x" * 6_000}, on=f"{HOME}/leaving")
    assert long.status_code == 422
    assert "x" * 6_000 in long.text
    left = await browser.post(f"{HOME}/leaving", {"reason": "Too busy."}, on=f"{HOME}/leaving")
    assert (left.status_code, left.headers["location"]) == (303, HERE)
    assert "Thank you for coming along." in words_of((await browser.get(HERE)).text)
    state = "SELECT state || ': ' || reason FROM spell WHERE enrolment = $1 AND until_on IS NULL"
    assert await fetch_value(state, enrolment) == "withdrawn: Too busy."
    assert (await browser.get(f"{HOME}/leaving")).status_code == 403


async def test_whoever_finished_has_nothing_to_leave(browser: Browser) -> None:
    await a_member_at(browser, state="finished")
    assert "nothing to leave" in words_of((await browser.get(f"{HOME}/leaving")).text)
    refused = await browser.post(f"{HOME}/leaving")
    assert refused.status_code == 422


async def test_an_outsider_finds_nothing_and_a_stranger_signs_in(browser: Browser) -> None:
    await a_member_at(browser)
    await browser.sign_in(await fetch_value("SELECT id FROM person WHERE name = 'Mia Member'"))
    for path in (HERE.replace("employee", "no"), f"{HERE.replace('employee', 'no')}/data.json"):
        assert (await browser.get(path)).status_code == 404
    browser.sign_out()
    for path in (HERE, f"{HERE}/data.zip"):
        assert (await browser.get(path)).headers["location"].startswith("/sign-in")


async def test_the_page_asks_the_database_equally_often_however_much_there_is(browser: Browser) -> None:
    _mia, cohort, enrolment = await a_member_at(browser)
    await browser.get(HERE)
    counts, kept = set(), 0
    for wanted in (1, 3, 50):
        for number in range(kept, wanted):
            await an_activity(cohort, enrolment, START + timedelta(days=number), month=0)
        kept = wanted
        with counted_queries() as queries:
            await browser.get(HERE)
        counts.add(len(queries))
    assert len(counts) == 1
    assert counts.pop() <= 15
