from datetime import date

import pytest

from cohorts.gates.rules import GateState
from cohorts.timelines.rules import PhaseCourse, PhaseTime, rollout_courses
from cohorts.timelines.words import about_text, course_note

TODAY = date(2026, 11, 20)
JUNE, JANUARY = date(2026, 6, 1), date(2027, 1, 14)
WAITING = PhaseTime(months_needed=4, has_gate=True)
LAST = PhaseTime(months_needed=6, has_gate=False)


def running(**told: object) -> PhaseTime:
    return PhaseTime(months_needed=6, has_gate=True, begun_on=JUNE, running=True, **told)  # type: ignore[arg-type]


def notes(*phases: PhaseTime, gates: tuple[GateState | None, ...]) -> list[str]:
    courses = rollout_courses(phases, today=TODAY)
    return [course_note(course, gate, TODAY) for course, gate in zip(courses, gates, strict=True)]


def test_each_phase_begins_when_the_gate_before_it_opens() -> None:
    pilot, first, last = rollout_courses([running(expected_on=JANUARY), WAITING, LAST], today=TODAY)
    assert (pilot.from_on, pilot.until_on, pilot.gate_on) == (JUNE, JANUARY, JANUARY)
    assert (first.from_on, first.gate_on) == (JANUARY, date(2027, 5, 14))
    assert (last.from_on, last.until_on, last.gate_on) == (date(2027, 5, 14), None, None)
    assert [course.begun for course in (pilot, first, last)] == [True, False, False]


def test_what_may_be_later_makes_all_that_follows_later() -> None:
    courses = rollout_courses([running(expected_on=JANUARY, earliest=True), WAITING], today=TODAY)
    assert [course.earliest for course in courses] == [True, True]


def test_behind_a_gate_without_a_day_nobody_can_say_when() -> None:
    pilot, first, second = rollout_courses([running(), WAITING, WAITING], today=TODAY)
    assert (pilot.until_on, pilot.gate_on) == (TODAY, None)
    assert (first.from_on, second.from_on) == (None, None)


def test_a_ready_gate_lets_the_next_phase_begin_today() -> None:
    pilot, first = rollout_courses([running(ready=True, expected_on=None), WAITING], today=TODAY)
    assert (pilot.gate_on, first.from_on) == (TODAY, TODAY)


def test_a_cohort_runs_on_after_its_gate_was_opened() -> None:
    opened = date(2026, 11, 2)
    pilot, first = rollout_courses([running(opened_on=opened), WAITING], today=TODAY)
    assert (pilot.until_on, pilot.gate_on) == (TODAY, opened)
    assert first.from_on == TODAY


def test_a_phase_that_ended_ends_with_its_gate() -> None:
    over = PhaseTime(months_needed=6, has_gate=True, begun_on=JUNE, opened_on=date(2026, 11, 2))
    (course,) = rollout_courses([over], today=TODAY)
    assert course.until_on == date(2026, 11, 2)


def test_when_a_hidden_cohort_began_is_not_told() -> None:
    hidden = PhaseTime(months_needed=6, has_gate=True, hidden=True, expected_on=JANUARY)
    (course,) = rollout_courses([hidden], today=TODAY)
    assert (course.from_on, course.until_on, course.gate_on) == (None, None, JANUARY)
    assert course_note(course, GateState.SHUT, TODAY) == "Its gate will probably be ready on 14 January 2027."


def test_a_gate_opened_without_anybody_tracked_says_so() -> None:
    skipped = PhaseTime(months_needed=6, has_gate=True, opened_on=TODAY)
    assert notes(skipped, WAITING, gates=(GateState.OPENED, GateState.SHUT)) == [
        "Its gate was opened on 20 November.",
        "Can begin today; its gate would then be ready on 20 March 2027.",
    ]


@pytest.mark.parametrize(
    ("phase", "gate", "note"),
    [
        (running(expected_on=JANUARY), GateState.SHUT, "Its gate will probably be ready on 14 January 2027."),
        (
            running(expected_on=JANUARY, earliest=True),
            GateState.SHUT,
            "Its gate will be ready on 14 January 2027 at the earliest.",
        ),
        (running(), GateState.SHUT, "Its gate has no date yet."),
        (running(ready=True), GateState.READY, "Its gate is ready to be opened."),
        (running(opened_on=date(2026, 11, 2)), GateState.OPENED, "Its gate was opened on 2 November."),
        (running(), GateState.STOPPED, "The program was stopped at its gate."),
        (running(), None, ""),
    ],
)
def test_a_tracked_phase_tells_of_its_gate(phase: PhaseTime, gate: GateState | None, note: str) -> None:
    assert notes(phase, gates=(gate,)) == [f"Tracked since 1 June. {note}".strip()]


def test_what_is_to_come_is_said_as_carefully_as_it_is_known() -> None:
    gates = (GateState.SHUT, GateState.SHUT, None)
    assert notes(running(expected_on=JANUARY), WAITING, LAST, gates=gates)[1:] == [
        "Probably from 14 January 2027 to 14 May 2027.",
        "Probably from 14 May 2027 on.",
    ]
    assert notes(running(expected_on=JANUARY, earliest=True), WAITING, LAST, gates=gates)[1:] == [
        "From 14 January 2027 to 14 May 2027 at the earliest.",
        "From 14 May 2027 on at the earliest.",
    ]
    assert notes(running(), WAITING, gates=gates[:2])[1] == "Begins once the gate before it is open."
    assert notes(LAST, gates=(None,)) == ["Can begin today."]
    unknown = PhaseCourse(begun=False, from_on=None, until_on=None, gate_on=None, earliest=False)
    assert course_note(unknown, GateState.SHUT, TODAY) == "Begins once the gate before it is open."


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (10, "at the beginning of January 2027"),
        (11, "in the middle of January 2027"),
        (20, "in the middle of January 2027"),
        (21, "at the end of January 2027"),
    ],
)
def test_a_forecast_is_told_no_nearer_than_it_is_known(day: int, said: str) -> None:
    assert about_text(date(2027, 1, day), TODAY) == said
