"""`pilotage readings verify` and `verify-events`: whatever somebody changed by hand is found and named."""

import asyncio
from typing import NoReturn

import pytest

from program.database import close_pool, execute, open_pool, transaction
from tests.databases import inhabited, made_database
from tests.workers.commands import Command, asked
from workers.command.embedded import EmbeddedPostgres
from workers.command.readings_verify import tell_differences, verified_readings
from workers.command.terminal import steps


class _TakenBack(Exception):  # noqa: N818 -- a statement: what was changed by hand is as it was
    pass


def _take_back() -> NoReturn:
    raise _TakenBack


@pytest.fixture(scope="module")
def url(postgres: EmbeddedPostgres, template: str) -> str:
    """A world in which tests change what they take back again."""
    made_database(postgres.url("postgres"), "a_world", like=template)
    inhabited(postgres.url("a_world"))
    return postgres.url("a_world")


def found_after(url: str, *by_hand: str) -> list[str]:
    """What is said of the readings once somebody has changed something by hand."""
    said: list[str] = []

    async def look() -> None:
        await open_pool(url)
        try:
            async with transaction():
                for sql in by_hand:
                    await execute(sql)
                with steps() as progress:
                    said.extend(tell_differences(await verified_readings(progress)))
                _take_back()
        except _TakenBack:
            await close_pool()

    asyncio.run(look())
    return said


def test_what_nobody_touched_is_what_the_raw_data_come_to(pilotage: Command, url: str) -> None:
    said = pilotage("readings", "verify", DATABASE_URL=url)
    assert said.code == 0
    assert said.out == "All 46 kept figures are what the raw data come to.\n"


PAULA = "(SELECT e.id FROM enrolment e JOIN person p ON p.id = e.person WHERE p.name = 'Paula Pilot')"
JULY = "from_on = '2026-07-01'"


@pytest.mark.parametrize(
    ("by_hand", "named"),
    [
        (
            f"DELETE FROM activity WHERE enrolment = {PAULA} AND month = 0",
            [
                (
                    "“Employee voices”, Pilot, Paula Pilot, 1 July 2026 – 31 July 2026: 1 activity, 0 conversations and"
                    " 0 reactions are counted, but there are 0 activities, 0 conversations and 0 reactions."
                ),
                (
                    "“Employee voices”, Pilot, 1 July 2026 – 31 July 2026: the share who took part is kept as 3 of 3, but is"
                    " 2 of 3."
                ),
            ],
        ),
        (
            f"UPDATE activity SET kind = 'reply' WHERE enrolment = {PAULA} AND month = 1",
            [
                "Paula Pilot, 1 August 2026 – 31 August 2026: 1 activity, 0 conversations and 0 reactions are counted"
            ],
        ),
        (
            f"UPDATE activity SET done_on = '2026-09-02' WHERE enrolment = {PAULA} AND month = 1",
            [
                "Paula Pilot: an activity of 2 September 2026 counts in the month 1 August 2026 – 31 August 2026.",
                "1 August 2026 – 31 August 2026: the share who took part is kept as 3 of 3, but is 2 of 3.",
            ],
        ),
        (
            f"UPDATE member_month SET activities = 9 WHERE enrolment = {PAULA} AND month = 2",
            [
                "Paula Pilot, 1 September 2026 – 30 September 2026: 9 activities, 0 conversations and 0 reactions"
            ],
        ),
        (
            f"DELETE FROM member_month WHERE enrolment = {PAULA} AND month = 2",
            [
                "Paula Pilot, 1 September 2026 – 30 September 2026: 0 activities, 0 conversations and 0 reactions"
            ],
        ),
        (
            f"UPDATE reading SET numerator = 1 WHERE measure = 'took_part_share' AND {JULY}",
            ["1 July 2026 – 31 July 2026: the share who took part is kept as 1 of 3, but is 3 of 3."],
        ),
        (
            f"UPDATE reading SET people = 30 WHERE measure = 'eligible_share' AND {JULY}",
            [
                "the share who were active all month is kept as 3 of 3 from 30 people, but is 3 of 3 from 3 people.",
            ],
        ),
        (
            f"DELETE FROM reading WHERE measure = 'took_part_share' AND {JULY}",
            ["1 July 2026 – 31 July 2026: the share who took part is kept nowhere any more, and is 3 of 3."],
        ),
        (
            f"UPDATE reading SET from_on = '2026-07-03' WHERE measure = 'took_part_share' AND {JULY}",
            [
                "the share who took part is kept nowhere any more, and is 3 of 3.",
                "the share who took part is kept as 3 of 3, but there is no such month of the cohort.",
            ],
        ),
        (
            "UPDATE spell SET until_on = '2026-12-05' WHERE state = 'active' AND until_on IS NULL AND enrolment = "
            + PAULA,
            [
                "1 December 2026 – 31 December 2026: the share who were active all month is kept as 3 of 3, but is 2 of 2."
            ],
        ),
        (
            "UPDATE reading SET numerator = 13 WHERE measure = 'learnings_accepted'",
            ["Pilot, 10 January 2027: learnings accepted is kept as 13, but is 12."],
        ),
        (
            (
                "UPDATE learning SET state = 'submitted' WHERE id ="
                " (SELECT id FROM learning WHERE state = 'accepted' ORDER BY id LIMIT 1)"
            ),
            ["Pilot, 10 January 2027: learnings accepted is kept as 12, but is 11."],
        ),
        (
            "DELETE FROM reading WHERE measure = 'learnings_accepted'",
            ["Pilot, 10 January 2027: learnings accepted is kept nowhere any more, and is 12."],
        ),
        (
            "UPDATE reading SET numerator = 0 WHERE measure = 'certified_share'",
            ["certified share is kept as 0 of 3, but is 3 of 3."],
        ),
        (
            "UPDATE certificate SET issued_at = issued_at + interval '1 year'",
            ["certified share is kept as 3 of 3, but is 0 of 3."],
        ),
        (
            "UPDATE program_reading SET numerator = 2 WHERE measure = 'topics_covered' AND read_on = '2027-01-10'",
            ["“Employee voices”, 10 January 2027: topics covered is kept as 2 of 5, but is 5 of 5."],
        ),
        (
            (
                "UPDATE program_reading SET lacking = '{advocates}' WHERE measure = 'topics_covered'"
                " AND read_on = '2027-01-10'"
            ),
            ["topics covered is kept as 5 of 5 without advocates, but is 5 of 5 with nothing missing."],
        ),
        (
            "UPDATE edition_entry SET topic = 'other' WHERE topic = 'journalists'",
            [
                "10 January 2027: topics covered is kept as 5 of 5 with nothing missing, but is 4 of 5 without journal"
            ],
        ),
        (
            "UPDATE program_reading SET numerator = 0 WHERE measure = 'freshness' AND read_on = '2027-01-10'",
            ["“Employee voices”, 10 January 2027: freshness is kept as 0 of"],
        ),
        (
            "DELETE FROM program_reading WHERE measure = 'freshness' AND read_on = '2027-01-10'",
            ["“Employee voices”, 10 January 2027: freshness is kept nowhere any more"],
        ),
        (
            "UPDATE revision SET made_at = made_at + interval '200 days' WHERE number = 1",
            ["“Employee voices”, 10 January 2027: freshness is kept as"],
        ),
    ],
)
def test_a_row_changed_by_hand_is_found_and_named(url: str, by_hand: str, named: list[str]) -> None:
    said = found_after(url, by_hand)
    assert [words for words in named if not any(words in line for line in said)] == [], said


def test_how_many_were_certified_is_not_told_of_a_time_with_other_tracks(url: str) -> None:
    later = (
        "ALTER TABLE event DISABLE TRIGGER event_stays",
        (
            "UPDATE event SET name = 'track_laid_out', at = at + interval '2 years'"
            " WHERE program = (SELECT c.program FROM reading r JOIN cohort c ON c.id = r.cohort"
            "  WHERE r.measure = 'certified_share') AND name = 'learning_accepted'"
        ),
    )
    of_another_time = "UPDATE reading SET numerator = 0 WHERE measure = 'certified_share'"
    impossible = "UPDATE reading SET numerator = denominator + 1 WHERE measure = 'certified_share'"
    assert found_after(url, *later, of_another_time) == []
    assert len(found_after(url, *later, impossible)) == 1
    assert len(found_after(url, of_another_time)) == 1


def test_the_command_names_what_differs_and_ends_with_trouble(
    pilotage: Command, postgres: EmbeddedPostgres, url: str
) -> None:
    made_database(postgres.url("postgres"), "tampered", like="a_world")
    tampered = postgres.url("tampered")
    asked(
        tampered,
        "INSERT INTO reading SELECT gen_random_uuid(), cohort, 'pulse', span, from_on, until_on, 4, 1, 3, taken_at"
        " FROM reading WHERE measure = 'certified_share'",
    )
    asked(tampered, f"UPDATE reading SET numerator = 1 WHERE measure = 'took_part_share' AND {JULY}")
    said = pilotage("readings", "verify", DATABASE_URL=tampered)
    assert said.code == 1
    assert said.out.splitlines()[0].endswith("the share who took part is kept as 1 of 3, but is 3 of 3.")
    assert "1 of 46 kept figures differs" in said.words
    assert "1 more was given from outside and has nothing to be compared with." in said.words
