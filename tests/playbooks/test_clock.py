"""What came of moving the clock, counted and said."""

from datetime import timedelta
from uuid import UUID

import pytest

from playbooks.clock.queries import what_came_of_it
from playbooks.clock.rules import Aftermath
from playbooks.clock.words import aftermath_sentence
from playbooks.reminders.actions import remind
from program.database import execute
from program.installation.actions import move_clock
from program.installation.queries import clock
from program.settings import Settings
from tests.world import make_world


def came(months: int, certificates: int, letters: int, *, swept: bool = True) -> Aftermath:
    return Aftermath(swept=swept, months=months, certificates=certificates, letters=letters)


async def move_on(days: int, by: UUID) -> None:
    await move_clock((await clock()).now() + timedelta(days=days), by=by)


async def test_where_nobody_moved_the_clock_nothing_came_of_it(database: str) -> None:
    assert await what_came_of_it() is None


async def test_it_tells_of_the_time_that_was_skipped_last(settings: Settings) -> None:
    world = await make_world(settings.secret)
    owner = UUID(world.ids["owner"])
    await move_on(13, owner)
    assert await what_came_of_it() == came(0, 0, 0, swept=False)
    await move_on(1, owner)
    assert await what_came_of_it() == came(1, 0, 0, swept=False)
    await move_on(100, owner)
    assert await what_came_of_it() == came(3, 3, 0, swept=False)
    await execute("UPDATE installation SET swept_at = now()")
    told = await remind((await clock()).now())
    assert told > 3
    assert await what_came_of_it() == came(3, 3, told)
    await move_on(1, owner)
    assert await what_came_of_it() == came(0, 0, 0, swept=False)


@pytest.mark.parametrize(
    ("aftermath", "sentence"),
    [
        (came(0, 0, 0), "Nothing became due in that time."),
        (came(1, 0, 0), "One month was completed."),
        (came(0, 1, 1), "One certificate lapsed and one letter went out."),
        (came(2, 3, 25), "Two months were completed, three certificates lapsed and 25 letters went out."),
    ],
)
def test_what_came_of_it_is_one_sentence(aftermath: Aftermath, sentence: str) -> None:
    assert aftermath_sentence(aftermath) == sentence
