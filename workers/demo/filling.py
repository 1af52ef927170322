"""Filling an empty database with the story, up to the morning on which the demo begins."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from playbooks.starting_set.actions import make_program
from program.database import close_pool, connection_held, execute, fetch_value, open_pool
from program.installation.queries import machine_now
from program.people.actions import introduce_oneself
from program.sign_in.actions import owner_link
from workers.demo import service_stories, tidewell_voices
from workers.demo.agenda import Agenda
from workers.demo.casting import INES
from workers.demo.names import person
from workers.demo.stage import Stage, a_form
from workers.jobs import STEPS

NOW = datetime(2027, 3, 16, 9, 30, tzinfo=UTC)
BEGINNING = datetime(2025, 11, 3, 8, 40, tzinfo=UTC)
BEFORE_DAWN_HOUR = 3
MONDAY = 0
FAST = {"synchronous_commit": "off", "jit": "off"}
"""Nothing of it has to outlive a crash before all of it is there."""

Tell = Callable[[float], None]


async def fill(database_url: str, secret: str, tell: Tell) -> None:
    """Make both programs by the real actions, each at its time. `tell` hears how much of the story is told, from 0 to 1.

    The clock is put forward last of all: a database whose clock was not is not filled.
    """
    await open_pool(database_url, most=2, server_settings=FAST)
    try:
        async with connection_held():
            await _tell_everything(secret, tell)
            await execute(
                "UPDATE installation SET clock_offset_seconds = $1",
                round((NOW - machine_now()).total_seconds()),
            )
    finally:
        await close_pool()


async def _tell_everything(secret: str, tell: Tell) -> None:
    agenda, people = Agenda(), dict[str, UUID]()
    voices = Stage(agenda=agenda, zone=ZoneInfo(tidewell_voices.ZONE), people=people, slug="tidewell-voices")
    on_site = Stage(agenda=agenda, zone=ZoneInfo(service_stories.ZONE), people=people, slug="service-stories")
    agenda.at(BEGINNING, partial(_first_day, voices, secret))
    voices.at(
        tidewell_voices.MADE_ON,
        "10:00",
        partial(_make, voices, tidewell_voices.NAME, tidewell_voices.PURPOSE, tidewell_voices.tell),
    )
    voices.at(date(2025, 11, 5), "10:30", partial(tidewell_voices.bring_the_company, voices))
    on_site.at(
        service_stories.MADE_ON,
        "09:30",
        partial(_make, on_site, service_stories.NAME, service_stories.PURPOSE, service_stories.tell),
    )
    _lay_out_sweeps(agenda)
    whole = NOW - BEGINNING
    await agenda.play(NOW, lambda now: tell((now - BEGINNING) / whole))


async def _first_day(stage: Stage, secret: str, now: datetime) -> None:
    """The owner comes by the first link, and says who she is."""
    await owner_link(secret=secret, at=now)
    owner = await fetch_value("SELECT person FROM owner")
    stage.people[INES] = owner
    await introduce_oneself(owner, name=person(INES).name, email=INES, now=now + timedelta(minutes=3))


async def _make(
    stage: Stage, name: str, purpose: str, tell_of_it: Callable[[Stage], None], now: datetime
) -> None:
    stage.lead = stage.people[INES]
    stage.slug = await make_program(
        name, purpose=purpose, zone=stage.zone.key, by=stage.lead, now=now, sent=a_form()
    )
    stage.program = await fetch_value("SELECT id FROM program WHERE slug = $1", stage.slug)
    tell_of_it(stage)


def _lay_out_sweeps(agenda: Agenda) -> None:
    """What time brings about, as a worker would have seen to it: before dawn on every Monday."""
    day = BEGINNING.replace(hour=BEFORE_DAWN_HOUR, minute=7)
    while day < NOW:
        day += timedelta(days=1)
        if day.weekday() == MONDAY or day.date() == NOW.date():
            agenda.at(day, _sweep)


async def _sweep(now: datetime) -> None:
    for step in STEPS:
        await step(now)
