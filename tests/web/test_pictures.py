"""Pictures: geometry follows the values, and words say the same."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import web
from cohorts.months.rules import CohortMonths, TrackedMonths, month_window
from cohorts.months.rules import Month as RuleMonth
from cohorts.months.rules import MonthState as MonthRuleState
from web.gate_rows import cohort_strip
from web.pictures import (
    GateState,
    Meter,
    Month,
    MonthState,
    MonthStrip,
    Phase,
    Step,
    StepState,
    rings,
)


@pytest.fixture
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(web.__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(static=lambda name: f"/static/{name}", icon=lambda name: f"icon {name}")
    return environment


def drawn(templates: Environment, name: str, *given: object) -> str:
    return str(getattr(templates.get_template(f"pictures/_{name}.html").module, name)(*given))


def strip() -> MonthStrip:
    return MonthStrip(
        months=(
            Month(label="Jun", state=MonthState.COUNTED, title="10 of 12 took part"),
            Month(label="Jul", state=MonthState.MISSED, title="4 of 12 took part"),
            Month(label="Aug", state=MonthState.NOW, title="in progress", share=0.5),
        ),
        counted=1,
        needed=6,
    )


def test_a_month_strip_says_in_words_what_it_shows(templates: Environment) -> None:
    picture = templates.get_template("pictures/_months.html").render(strip=strip())
    assert "Tracked months: 1 of 6" in picture
    assert "Jun: 10 of 12 took part" in picture
    assert picture.count('class="month ') == 3


def test_why_a_month_did_not_count_stands_below_the_strip() -> None:
    assert [month.label for month in strip().missed] == ["Jul"]


@pytest.mark.parametrize(
    ("start", "number", "days"),
    [
        (date(2026, 6, 1), 0, ""),
        (date(2026, 6, 2), 1, "2 Jul – 1 Aug"),
        (date(2025, 6, 2), 1, "2 Jul – 1 Aug 2025"),
        (date(2025, 11, 28), 1, "28 Dec 2025 – 27 Jan 2026"),
    ],
)
def test_a_month_that_begins_within_one_says_its_days(start: date, number: int, days: str) -> None:
    assert strip_of(month_of(start, number), A_DAY).months[0].days == days


def test_a_month_in_progress_is_filled_as_far_as_it_was_on_the_day_of_the_decision() -> None:
    month = month_of(date(2026, 6, 1), 0, MonthRuleState.IN_PROGRESS)
    assert strip_of(month, A_DAY).months[0].fill == 36
    assert strip_of(month, A_DAY, as_of=date(2026, 6, 4)).months[0].fill == 3.6


A_DAY = date(2026, 8, 20)


def month_of(start: date, number: int, state: MonthRuleState = MonthRuleState.MISSED) -> RuleMonth:
    window = month_window(start, number)
    return RuleMonth(
        number=number,
        from_on=window.from_on,
        until_on=window.until_on,
        state=state,
        figures=None,
        reasons=(),
    )


def strip_of(month: RuleMonth, today: date, *, as_of: date | None = None) -> MonthStrip:
    tracked = TrackedMonths(
        months=(month,), needed=6, in_a_row=False, counted=0, completes_on=None, ended_on=None
    )
    cohort = CohortMonths(cohort=UUID(int=1), name="Pilot", tracked=tracked)
    return cohort_strip(cohort, today, named=True, as_of=as_of).strip


def test_a_month_half_over_is_half_filled() -> None:
    assert strip().months[2].fill == 18


def test_a_meter_never_leaves_its_bar(templates: Environment) -> None:
    meter = Meter(value=1.7, target=-0.2, met=True, words="17")
    assert (meter.value_percent, meter.target_percent) == (100, 0)
    assert ">17<" in drawn(templates, "meter", meter)


def test_a_locked_step_says_so_and_why(templates: Environment) -> None:
    picture = drawn(
        templates, "way", [Step(title="Crisis", state=StepState.LOCKED, note="until the gate opens")]
    )
    assert "Locked" in picture
    assert "until the gate opens" in picture


def test_rings_widen_from_the_pilot_to_the_last_phase() -> None:
    drawn_rings = rings([Phase(name=name, note="") for name in ("Pilot", "First", "Second", "Everyone")])
    assert [ring.radius for ring in drawn_rings] == [58, 102, 146, 190]


def test_a_single_phase_is_a_map_too(templates: Environment) -> None:
    picture = drawn(
        templates, "map", rings([Phase(name="Pilot", note="12 people", fill=0.5, gate=GateState.READY)])
    )
    assert "50 % of the way" in picture
