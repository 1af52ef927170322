"""The demo’s company: made whole, made the same each time, and true however far its clock is moved."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg
import pytest
from dateutil.relativedelta import relativedelta

from cohorts.gates.judged import judged_gates
from cohorts.gates.rules import GateState
from cohorts.recomputations.rules import Difference
from playbooks.learnings.rules import LearningState
from playbooks.recomputations.queries import everything_recomputed
from program.database import close_pool, fetch, fetch_value, open_pool
from program.events.queries import broken_chains
from program.installation.actions import move_clock
from program.installation.queries import clock
from program.settings import Settings
from tests.cast import a_program, an_owner
from tests.conftest import settings_for
from workers.command.demo import HOME, NotADemo, prepare, set_environment
from workers.command.embedded import EmbeddedPostgres
from workers.command.migrate import migrate
from workers.demo.agenda import Agenda
from workers.demo.filling import NOW, fill
from workers.demo.ways_in import WAYS_IN, links
from workers.jobs import sweep

WHAT_PEOPLE_SEE = {
    "people": "SELECT email, name, job_title, department, level, region, networks, how_often FROM person ORDER BY email",
    "roles": "SELECT p.name, g.role, e.email, g.granted_at, g.revoked_at FROM role_grant g"
    " JOIN program p ON p.id = g.program JOIN person e ON e.id = g.person ORDER BY 1, 2, 3, 4",
    "states": "SELECT c.name, c.tracking_start_on, e.email, s.state, s.from_on, s.until_on, s.reason FROM spell s"
    " JOIN cohort c ON c.id = s.cohort JOIN enrolment n ON n.cohort = s.cohort AND n.id = s.enrolment"
    " JOIN person e ON e.id = n.person ORDER BY 1, 3, s.since_at, 4",
    "activities": "SELECT e.email, a.done_on, a.done_at, a.kind, a.network, a.link, a.text, o.impressions, o.reactions"
    " FROM activity a JOIN enrolment n ON n.cohort = a.cohort AND n.id = a.enrolment JOIN person e ON e.id = n.person"
    " JOIN observation o ON o.cohort = a.cohort AND o.activity = a.id ORDER BY 1, 2, 3, 4, 6, 7",
    "learnings": "SELECT e.email, l.state, l.lesson, l.situation, l.made_at, l.submitted_at FROM learning l"
    " JOIN person e ON e.id = l.author ORDER BY 1, 5, 3",
    "playbook": "SELECT p.slug, d.number, d.what_changed, c.position, c.chapter, c.title, c.body, c.material"
    " FROM edition_entry c JOIN edition d ON d.id = c.edition JOIN program p ON p.id = d.program ORDER BY 1, 2, 4",
    "certificates": "SELECT e.email, t.name, x.issued_on, x.valid_until_on FROM certificate x"
    " JOIN person e ON e.id = x.person JOIN track t ON t.id = x.track ORDER BY 1, 2, 3",
    "readings": "SELECT c.name, r.measure, r.from_on, r.until_on, r.numerator, r.denominator, r.people FROM reading r"
    " JOIN cohort c ON c.id = r.cohort ORDER BY 1, 2, 3, 4",
    "votes": "SELECT e.email, v.choice, v.comment, v.cast_at FROM vote v JOIN person e ON e.id = v.person ORDER BY 4",
    "events": "SELECT p.slug, e.number, e.name, e.at FROM event e LEFT JOIN program p ON p.id = e.program"
    " WHERE e.name <> 'demo_link_made' ORDER BY 1, 2",
}


class Interrupted(Exception):  # noqa: N818 -- a statement
    """The making of a demo was cut off."""


def _cut_off(share: float) -> None:
    if share > 0.1:
        raise Interrupted


@pytest.fixture(scope="module")
def made(postgres: EmbeddedPostgres) -> Settings:
    """A demo that was made at the first go; tests leave it as it is."""
    settings = settings_for(postgres.url("first_demo"), PILOTAGE_MARK="demo")
    asyncio.run(prepare(settings))
    return settings


@pytest.fixture
async def demo(made: Settings) -> AsyncIterator[Settings]:
    await open_pool(made.database_url, most=2)
    yield made
    await close_pool()


async def _fingerprint(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return {
            name: [tuple(row) for row in await connection.fetch(sql)] for name, sql in WHAT_PEOPLE_SEE.items()
        }
    finally:
        await connection.close()


async def _differences(now: datetime) -> list[Difference]:
    return [each async for part in everything_recomputed(now) for each in part.differences]


async def _states(program: str) -> dict[int, GateState]:
    id, today = await fetch_value("SELECT id FROM program WHERE slug = $1", program), NOW.date()
    return dict(enumerate(gate.state for gate in await judged_gates(id, today=today)))


async def test_the_company_is_as_large_and_as_mixed_as_a_real_one(demo: Settings) -> None:
    assert await fetch_value("SELECT count(*) FROM person") >= 400
    assert await fetch_value("SELECT count(DISTINCT department) FROM person") == 6
    assert await fetch_value("SELECT count(DISTINCT region) FROM person") == 3
    assert await fetch_value("SELECT count(*) FROM person WHERE manager IS NULL") == 1
    assert not await fetch(
        "SELECT FROM person WHERE job_title IS NULL OR job_function IS NULL OR level IS NULL"
    )
    listed = await fetch(
        "SELECT p.slug, count(*) FROM listing l JOIN program p ON p.id = l.program GROUP BY 1"
    )
    assert {slug: count > 400 for slug, count in listed} == {
        "service-stories": False,
        "tidewell-voices": True,
    }
    held = await clock()
    assert held.mark == "demo"
    assert abs((held.now() - NOW).total_seconds()) < 300


async def test_program_one_is_in_month_five_with_its_gate_shut(demo: Settings) -> None:
    program = await fetch_value("SELECT id FROM program WHERE slug = 'service-stories'")
    gate, *_ahead = await judged_gates(program, today=NOW.date())
    assert (gate.state, gate.judged is not None) == (GateState.SHUT, True)
    assert gate.judged is not None
    (cohort,) = gate.judged.facts.months.cohorts
    told = [month.state.value for month in cohort.tracked.months[:5]]
    assert told == ["counted", "missed", "counted", "counted", "in_progress"]
    assert gate.judged.facts.lacking["topics_covered"] == ("journalists",)
    assert gate.judged.forecast.expected is not None
    assert {type(why).__name__ for _holding, why in gate.judged.forecast.waits_for} == {"WhenWritten"}
    states = await fetch("SELECT DISTINCT state FROM learning WHERE program = $1", program)
    assert {row["state"] for row in states} == {state.value for state in LearningState}
    assert await fetch_value("SELECT count(*) FROM deleted_activity") == 1


async def test_program_two_runs_its_second_circle_after_a_recycle_and_an_override(demo: Settings) -> None:
    program = await fetch_value("SELECT id FROM program WHERE slug = 'tidewell-voices'")
    assert await _states("tidewell-voices") == {
        0: GateState.OPENED,
        1: GateState.OPENED,
        2: GateState.SHUT,
    }
    outcomes = await fetch(
        "SELECT d.outcome FROM decision d JOIN gate g ON g.id = d.gate WHERE g.program = $1 ORDER BY d.decided_at",
        program,
    )
    assert [row["outcome"] for row in outcomes] == ["opened_with_conditions", "overridden"]
    assert await fetch_value("SELECT count(*) FROM recycle") == 1
    assert await fetch_value("SELECT count(*) FROM condition WHERE met_at IS NULL") == 1
    done = await fetch(
        "SELECT a.done_on, a.kind, a.text FROM activity a JOIN cohort c ON c.id = a.cohort WHERE c.program = $1",
        program,
    )
    assert len(done) >= 6_000
    assert len({(row["done_on"].year, row["done_on"].month) for row in done}) >= 14
    assert sum(bool(row["text"]) for row in done) > len(done) / 3
    assert not [
        row for row in done if row["kind"] in ("post", "reply", "article", "talk") and not row["text"]
    ]
    now = await fetch(
        "SELECT s.state FROM spell s JOIN cohort c ON c.id = s.cohort"
        " WHERE c.name = 'Second circle' AND s.until_on IS NULL"
    )
    assert {row["state"] for row in now} == {
        "invited",
        "declined",
        "preparing",
        "active",
        "paused",
        "withdrawn",
    }
    topics = await fetch_value(
        "SELECT numerator = denominator FROM program_reading WHERE program = $1 AND measure = 'topics_covered'"
        " ORDER BY read_on DESC LIMIT 1",
        program,
    )
    assert topics


async def test_four_tracks_have_scenarios_and_questions_and_certificates_in_every_state(
    demo: Settings,
) -> None:
    tracks = await fetch(
        "SELECT t.name, count(*) FILTER (WHERE m.kind = 'scenario') AS scenarios FROM track t"
        " JOIN module m ON m.track = t.id AND m.edition = t.edition WHERE t.opens_with IS NOT NULL"
        " AND t.chapters IS NOT NULL GROUP BY t.id"
    )
    assert len(tracks) == 4
    assert all(row["scenarios"] for row in tracks)
    assert await fetch_value("SELECT max(number) FROM edition") == 3
    days = await fetch(
        "SELECT valid_until_on AS until, valid_until_on - $1::date AS days FROM certificate", NOW.date()
    )
    assert any(row["days"] <= 0 for row in days)
    assert any(0 < row["days"] <= 30 for row in days)
    assert any(row["days"] > 30 for row in days)
    assert await fetch_value("SELECT count(*) FROM incident WHERE closed_at IS NOT NULL") == 1
    due = await fetch_value(
        "SELECT count(*) FROM entry WHERE withdrawn_at IS NULL AND verified_on + verify_every_days <= $1",
        NOW.date(),
    )
    assert due


async def test_everything_happened_in_order_and_every_figure_is_what_the_raw_data_come_to(
    demo: Settings,
) -> None:
    assert await broken_chains() == []
    backwards = await fetch(
        "SELECT FROM (SELECT at, lag(at) OVER (PARTITION BY chain ORDER BY number) AS before FROM event) e"
        " WHERE at < before"
    )
    assert backwards == []
    assert await _differences(NOW) == []


async def test_each_kind_of_person_has_a_link_of_their_own(demo: Settings) -> None:
    found = await links(demo)
    assert len(set(found.values())) == len(WAYS_IN) == 9
    await open_pool(demo.database_url, most=2)
    assert await broken_chains() == []


async def test_a_month_later_all_is_still_true(made: Settings, postgres: EmbeddedPostgres) -> None:
    maintenance = await asyncpg.connect(postgres.url("postgres"))
    await maintenance.execute("CREATE DATABASE a_month_later TEMPLATE first_demo")
    await maintenance.close()
    await open_pool(postgres.url("a_month_later"), most=2)
    try:
        owner = await fetch_value("SELECT person FROM owner")
        later = NOW + relativedelta(months=1, days=2)
        lapsed = "SELECT count(*) FROM certificate WHERE valid_until_on <= $1"
        before = await fetch_value(lapsed, NOW.date())
        await move_clock(later, by=owner)
        assert await sweep()
        assert await fetch_value(lapsed, later.date()) > before
        program = await fetch_value("SELECT id FROM program WHERE slug = 'service-stories'")
        gate, *_ahead = await judged_gates(program, today=later.date())
        assert gate.judged is not None
        assert gate.judged.facts.months.cohorts[0].tracked.months[4].state.value != "in_progress"
        assert await _differences(later) == []
        assert await broken_chains() == []
    finally:
        await close_pool()


async def test_one_that_was_cut_off_is_begun_anew_and_becomes_the_same(
    made: Settings, postgres: EmbeddedPostgres
) -> None:
    settings = replace(made, database_url=postgres.url("second_demo"))
    await migrate(settings)
    with pytest.raises(Interrupted):
        await fill(settings.database_url, settings.secret, _cut_off)
    await prepare(settings)
    first, second = await _fingerprint(made), await _fingerprint(settings)
    for name, seen in first.items():
        assert seen == second[name], name
    maintenance = await asyncpg.connect(settings.database_url)
    before = await maintenance.fetchval("SELECT count(*) FROM event")
    await prepare(settings)
    assert await maintenance.fetchval("SELECT count(*) FROM event") == before
    await maintenance.close()


async def test_what_was_not_made_as_a_demo_is_left_alone(postgres: EmbeddedPostgres, template: str) -> None:
    with pytest.raises(NotADemo):
        await prepare(settings_for(postgres.url(template)))
    connection = await asyncpg.connect(postgres.url("postgres"))
    await connection.execute("CREATE DATABASE somebodys")
    await connection.close()
    connection = await asyncpg.connect(postgres.url("somebodys"))
    await connection.execute("CREATE TABLE bills (amount int)")
    with pytest.raises(NotADemo):
        await prepare(settings_for(postgres.url("somebodys")))
    assert await connection.fetchval("SELECT count(*) FROM bills") == 0
    await connection.close()


async def test_a_demo_that_somebody_filled_by_hand_is_left_alone(
    postgres: EmbeddedPostgres,
) -> None:
    settings = settings_for(postgres.url("by_hand"), PILOTAGE_MARK="demo")
    await migrate(settings)
    await open_pool(settings.database_url, most=2)
    try:
        await a_program(await an_owner())
    finally:
        await close_pool()
    with pytest.raises(NotADemo):
        await prepare(settings)


async def test_a_demo_that_was_cut_off_is_begun_anew_only_where_nothing_else_is_kept(
    postgres: EmbeddedPostgres,
) -> None:
    settings = settings_for(postgres.url("shared"), PILOTAGE_MARK="demo")
    await migrate(settings)
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("CREATE TABLE bills (amount int)")
    with pytest.raises(NotADemo):
        await prepare(settings)
    await connection.execute("DROP TABLE bills")
    await open_pool(settings.database_url, most=2)
    try:
        await an_owner()
    finally:
        await close_pool()
    with pytest.raises(NotADemo):
        await prepare(settings)
    assert await connection.fetchval("SELECT count(*) FROM owner") == 1
    await connection.close()


def test_a_demo_has_a_folder_and_a_mark_of_its_own_and_sends_no_mail() -> None:
    environ = {"SMTP_URL": "smtp://mail.example.com", "PILOTAGE_MARK": "", "PATH": "/bin"}
    set_environment(environ)
    assert environ == {"PILOTAGE_HOME": HOME, "PILOTAGE_MARK": "demo", "PATH": "/bin"}
    own = {"PILOTAGE_HOME": "/tmp/elsewhere"}  # noqa: S108 -- nothing is written there
    set_environment(own)
    assert own["PILOTAGE_HOME"] == "/tmp/elsewhere"  # noqa: S108


async def test_steps_are_taken_in_the_order_of_time_and_none_in_the_past() -> None:
    agenda, taken = Agenda(), list[str]()

    async def late(_now: datetime) -> None:
        taken.append("late")
        with pytest.raises(ValueError, match="is over"):
            agenda.at(NOW - relativedelta(days=3), late)

    async def early(now: datetime) -> None:
        taken.append("early")
        agenda.at(now, between)

    async def between(_now: datetime) -> None:
        taken.append("between")

    agenda.at(NOW - relativedelta(days=1), late)
    agenda.at(NOW - relativedelta(days=2), early)
    agenda.at(NOW + relativedelta(days=1), late)
    await agenda.play(NOW, lambda _now: None)
    assert taken == ["early", "between", "late"]
