"""The month strip, through actions, readings, queries and rules, against plain counting that shares no code with it.

A random history of a cohort is played day by day with the real actions, and written down beside them in the plainest
way: for every day, who was active, who paused, whether the cohort did, and who did what. From that diary the months are
counted as the domain words it, one day after another, and have to come out the same.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.activities.actions import Told, log_activity
from cohorts.activities.rules import Kind, Network
from cohorts.cohorts.actions import finish_cohort, pause_cohort, resume_cohort, start_tracking
from cohorts.enrolments.actions import (
    activate,
    finish_member,
    leave_cohort,
    pause_member,
    resume_member,
    suspend_member,
)
from cohorts.gates.actions import recycle
from cohorts.months.actions import retake_running_months
from cohorts.months.queries import phase_months, readings_that_differ
from cohorts.months.rules import MonthState, TrackedMonths
from program.database import execute, fetch_value, transaction
from tests.cast import a_form, a_listed_person, a_program, an_owner
from tests.cohorts.scene import a_cohort, a_member, the_gate

pytestmark = pytest.mark.usefixtures("database")
HISTORIES, PARTS = 40, 4
MEMBERS = 7
HAPPENS = (
    *("pause", "resume", "resume") * 3,
    *("pause_all", "go_on", "go_on", "go_on") * 3,
    *("join", "join", "leave", "suspend", "finish"),
)


@dataclass(frozen=True)
class History:
    """What happens on which day after the tracking start, to which member; and what the phase asks of its months."""

    start: date
    length: int
    steps: tuple[tuple[int, str, int, int], ...]
    finished: bool
    needed: int
    in_a_row: bool
    at_least_eligible: int
    took_part_percent: int
    pause_days: int
    nightly: bool


@dataclass
class Diary:
    """Every day as it was: the state of each member at its end, whether the cohort was paused, and who did something."""

    start: date
    states: dict[int, dict[date, str]] = field(default_factory=dict)
    now: dict[int, str] = field(default_factory=dict)
    paused: set[date] = field(default_factory=set)
    pausing: bool = False
    acted: set[tuple[int, date]] = field(default_factory=set)
    counts_from: date | None = None
    ended_on: date | None = None

    def close(self, day: date) -> None:
        for member, state in self.now.items():
            self.states.setdefault(member, {})[day] = state
        if self.pausing:
            self.paused.add(day)


def a_history(chance: Random) -> History:
    """A history in which most members speak about once a month, and now and then something happens."""
    length = chance.randint(20, 230)
    quiet = chance.choice((0.2, 0.6, 0.9))
    steps = [
        (day, "talk" if chance.random() < 0.9 else "reaction", member, chance.choice((0, 0, 0, 3, 20, 45)))
        for member in range(MEMBERS)
        for day in range(length)
        if chance.random() < (1 - quiet) / 7
    ]
    steps += [
        (chance.randrange(length), chance.choice(HAPPENS), chance.randrange(MEMBERS), 0)
        for _ in range(chance.randint(0, 2 + length // 10))
    ]
    if chance.random() < 0.3:
        steps.append((chance.randrange(length), "recycle", 0, 0))
    return History(
        start=date(2026, 1, 1) + timedelta(days=chance.randrange(365)),
        length=length,
        steps=tuple(sorted(steps)),
        finished=chance.random() < 0.25,
        needed=chance.randint(1, 6),
        in_a_row=chance.random() < 0.5,
        at_least_eligible=chance.randint(1, 3),
        took_part_percent=chance.choice((1, 25, 50, 50, 67, 100)),
        pause_days=chance.choice((0, 3, 7, 7, 12)),
        nightly=chance.random() < 0.5,
    )


def some_histories(many: int) -> list[History]:
    found: list[History] = []

    @settings(max_examples=many, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**63).map(Random).map(a_history))
    def collect(history: History) -> None:
        found.append(history)

    collect()
    return found


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class Player:
    """Plays a history with the real actions, and keeps the diary."""

    def __init__(self, program: UUID, lead: UUID, people: list[UUID], history: History) -> None:
        self.program, self.lead, self.people, self.history = program, lead, people, history
        self.diary = Diary(history.start)
        self.cohort, self.gate = UUID(int=0), UUID(int=0)
        self.enrolments: list[UUID] = []

    def by(self, day: date, person: UUID | None = None) -> dict[str, Any]:
        return {"program": self.program, "by": person or self.lead, "now": noon(day), "today": day}

    async def play(self) -> date:
        """The whole history; answers its last day."""
        await self.begin()
        steps = list(self.history.steps)
        for passed in range(self.history.length + 1):
            day = self.history.start + timedelta(days=passed)
            while steps and steps[0][0] == passed:
                _, step, member, back = steps.pop(0)
                await self.step(step, member, day, back)
            if passed == self.history.length and self.history.finished and self.somebody_is_in():
                await finish_cohort(self.cohort, **self.by(day))
                self.diary.ended_on = day
                self.diary.pausing = False
                self.diary.now = dict.fromkeys(self.diary.now, "finished")
            if self.history.nightly and passed % 9 == 0:
                await retake_running_months(noon(day))
            self.diary.close(day)
        return self.history.start + timedelta(days=self.history.length)

    async def begin(self) -> None:
        start, asked = self.history.start, self.history
        self.cohort = await a_cohort(self.program, self.lead, start=None)
        self.gate = await the_gate(self.program)
        await execute(
            "UPDATE phase SET months_needed = $2, months_in_a_row = $3, at_least_eligible = $4, took_part_percent = $5,"
            " pause_days_allowed = $6 WHERE program = $1",
            self.program,
            asked.needed,
            asked.in_a_row,
            asked.at_least_eligible,
            asked.took_part_percent,
            asked.pause_days,
        )
        for number, person in enumerate(self.people):
            self.enrolments.append(await a_member(self.cohort, [("preparing", start, None)], person))
            self.diary.now[number] = "preparing"
        for number in range(5):
            await self.join(number, start)
        await start_tracking(self.cohort, **self.by(start))

    def somebody_is_in(self) -> bool:
        return any(state in ("active", "paused") for state in self.diary.now.values())

    async def step(self, step: str, member: int, day: date, back: int) -> None:
        state = self.diary.now[member]
        if step in ("talk", "reaction"):
            await self.act(member, max(day - timedelta(days=back), self.history.start), day, step)
        elif step == "join" and state == "preparing":
            await self.join(member, day)
        elif step == "pause" and state == "active":
            await self.lead_does(pause_member, member, day, "paused")
        elif step == "resume" and state in ("paused", "suspended"):
            await self.lead_does(resume_member, member, day, self.back_to(member))
        elif step == "suspend" and state in ("active", "paused"):
            await self.lead_does(suspend_member, member, day, "suspended")
        elif step == "finish" and state in ("active", "paused"):
            await self.lead_does(finish_member, member, day, "finished")
        elif step == "leave" and state in ("preparing", "active", "paused"):
            told = self.by(day, self.people[member])
            await leave_cohort(self.cohort, self.enrolments[member], reason="", **told)
            self.diary.now[member] = "withdrawn"
        elif step in ("pause_all", "go_on", "recycle"):
            await self.all_do(step, day)

    async def join(self, member: int, day: date) -> None:
        told = {name: value for name, value in self.by(day).items() if name != "program"}
        async with transaction():
            await activate(self.cohort, self.enrolments[member], **told)
        self.diary.now[member] = "active"

    def back_to(self, member: int) -> str:
        return "active" if self.diary.now[member] in ("paused", "suspended") else "preparing"

    async def lead_does(self, action: Callable[..., Any], member: int, day: date, leads_to: str) -> None:
        await action(self.cohort, self.enrolments[member], reason="As it happened.", **self.by(day))
        self.diary.now[member] = leads_to

    async def act(self, member: int, on: date, day: date, what: str) -> None:
        """Something done, perhaps days ago; what was not done while active is not logged."""
        was = self.diary.now[member] if on == day else self.diary.states.get(member, {}).get(on)
        if was != "active" or self.diary.now[member] in ("withdrawn", "suspended", "finished"):
            return
        kind = Kind.REACTION if what == "reaction" else Kind.TALK
        told = Told(kind=kind, done_on=on, network=Network.IN_PERSON, text="Said in public.")
        await log_activity(told, sent=a_form(), **self.by(day, self.people[member]))
        if what == "talk":
            self.diary.acted.add((member, on))

    async def all_do(self, step: str, day: date) -> None:
        if step == "pause_all" and not self.diary.pausing:
            await pause_cohort(self.cohort, reason="As it happened.", **self.by(day))
            self.diary.pausing = True
        elif step == "go_on" and self.diary.pausing:
            await resume_cohort(self.cohort, **self.by(day))
            self.diary.pausing = False
        elif step == "recycle":
            await recycle(self.gate, from_on=day, reason="A new team.", sent=a_form(), **self.by(day))
            self.diary.counts_from = day


def after_months(start: date, months: int) -> date:
    """So many calendar months after the start; where the month is too short, its last day."""
    year, month = divmod(start.month - 1 + months, 12)
    last = calendar.monthrange(start.year + year, month + 1)[1]
    return date(start.year + year, month + 1, min(start.day, last))


def counted_plainly(diary: Diary, history: History, today: date) -> list[tuple[date, str, int, int, int]]:
    """Each month begun: its first day, what became of it, and how many took part, were eligible, were enrolled."""
    found = []
    for number in range(60):
        first, after = after_months(diary.start, number), after_months(diary.start, number + 1)
        if first > today or (diary.ended_on is not None and first >= diary.ended_on):
            break
        days = [first + timedelta(days=each) for each in range((after - first).days)]
        so_far = [day for day in days if day <= today]
        eligible = [
            member
            for member, states in diary.states.items()
            if all(states.get(day) == "active" for day in so_far)
        ]
        took_part = [member for member in eligible if any((member, day) in diary.acted for day in so_far)]
        enrolled = [
            member
            for member, states in diary.states.items()
            if states.get(so_far[-1]) in ("active", "paused")
        ]
        figures = (len(took_part), len(eligible), len(enrolled))
        cut_short = diary.ended_on is not None and diary.ended_on < after
        over = after <= today or cut_short
        counts = (
            not cut_short
            and len(eligible) >= history.at_least_eligible
            and 2 * len(eligible) >= len(enrolled)
            and 100 * len(took_part) >= history.took_part_percent * len(eligible)
            and len(diary.paused & set(days)) <= history.pause_days
            and (diary.counts_from is None or first >= diary.counts_from)
        )
        state = "in_progress" if not over else "counted" if counts else "missed"
        found.append((first, state, *figures))
    return found


def tally(states: list[str], *, needed: int, in_a_row: bool) -> int:
    """How many counted; in a row, the run that was long enough, or else the one at the end of the whole months."""
    if not in_a_row:
        return states.count("counted")
    runs = [0]
    for state in (each for each in states if each != "in_progress"):
        runs.append(runs[-1] + 1 if state == "counted" else 0)
    return max(runs) if max(runs) >= needed else runs[-1]


@pytest.mark.parametrize("part", range(PARTS))
async def test_the_month_strip_is_what_plain_counting_finds(part: int) -> None:
    lead, today = await an_owner(), date.min
    for number, history in enumerate(some_histories(HISTORIES // PARTS)):
        program = await a_program(lead, f"Program {part} {number}")
        people = [await a_listed_person(program, lead, f"Member {each}") for each in range(MEMBERS)]
        player = Player(program, lead, people, history)
        today = await player.play()
        phase = await fetch_value("SELECT phase FROM cohort WHERE id = $1", player.cohort)
        strip = (await phase_months([phase], today=today))[phase].cohorts[0].tracked
        expected = counted_plainly(player.diary, history, today)
        assert begun_months(strip, today) == expected, history
        states = [state for _, state, *_ in expected]
        if not (history.in_a_row and hopeless(strip)):
            tallied = tally(states, needed=history.needed, in_a_row=history.in_a_row)
            assert strip.counted == tallied, history
        await retake_running_months(noon(today))
        assert await readings_that_differ(today=today) == [], history
        await execute("DELETE FROM reading")
        await execute("UPDATE cohort SET state = 'stopped' WHERE id = $1", player.cohort)


def begun_months(strip: TrackedMonths, today: date) -> list[tuple[date, str, int, int, int]]:
    """The strip as the diary tells it. Whatever did not count has a reason, whatever did has none."""
    begun = [month for month in strip.months if month.from_on <= today]
    assert all(month.reasons for month in begun if month.state is MonthState.MISSED)
    assert not any(month.reasons for month in begun if month.state is MonthState.COUNTED)
    return [
        (
            month.from_on,
            month.state.value,
            month.figures.took_part,
            month.figures.eligible,
            month.figures.enrolled,
        )
        for month in begun
        if month.figures is not None
    ]


def hopeless(strip: TrackedMonths) -> bool:
    """Whether the month in progress can count no more, so that a run already ended with it."""
    return any(month.reasons for month in strip.months if month.state is MonthState.IN_PROGRESS)
