"""The gates of a program on a terminal: what holds the next one shut, and when it will probably be ready."""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from cohorts.criteria.words import criterion_text, standing_text
from cohorts.forecasts.words import forecast_text
from cohorts.gates.queries import CriterionLine, GateLine, GatePage, gate_page, gate_state_and_forecast
from cohorts.gates.rules import GateState
from cohorts.gates.words import (
    gate_forecast_sentence,
    gate_name,
    gate_sentence,
    line_sentence,
    outcome_text,
)
from cohorts.months.rules import CohortMonths, Month, MonthState
from cohorts.months.words import month_note
from program.installation.queries import clock
from program.programs.queries import ProgramLine
from program.words import day_text, month_text, short_month_text, spoken_in
from program.words import gettext as _
from workers.command.gate_json import gates_told
from workers.command.programs import as_a_lead, program_called
from workers.command.terminal import GOOD, console, say

SHUT = 3
BAR_CELLS = 14
DECIDED = (GateState.OPENED, GateState.STOPPED)
_SQUARES = {
    MonthState.COUNTED: "■",
    MonthState.MISSED: "□",
    MonthState.IN_PROGRESS: "◧",
    MonthState.AHEAD: "·",
}


async def show_gates(slug: str, *, as_json: bool) -> int:
    """Shows the gates of a program; answers `SHUT` where the next one is, else `GOOD`. The pool is open."""
    program = await program_called(slug)
    today = (await clock()).now().astimezone(ZoneInfo(program.zone)).date()
    with spoken_in("en", program.zone):
        lines = await gate_state_and_forecast(program.id, today=today)
        coming = next((line for line in lines if line.state not in DECIDED), None)
        reader = as_a_lead(program)
        if as_json:
            pages = [await gate_page(line.id, seen_by=reader, today=today) for line in lines]
            console().print_json(data=gates_told(program, pages, today))
        else:
            _show_all(program, lines, today)
            if coming is not None:
                _show(await gate_page(coming.id, seen_by=reader, today=today), today)
    return SHUT if coming is not None and coming.state is GateState.SHUT else GOOD


def _show_all(program: ProgramLine, lines: Sequence[GateLine], today: date) -> None:
    say(f"{program.name} · {day_text(today)}", style="bold")
    if not lines:
        say(_("This program has no gates: its rollout is a single phase."))
    for line in lines:
        state = _overridden(line) or line_sentence(
            line.state, line.expected_on, waits=line.waits, today=today
        )
        say(f"  {gate_name(line.opens_name)}: {state}")


def _overridden(line: GateLine) -> str:
    if not line.overridden or line.decided_at is None:
        return ""
    told = {"day": day_text(line.decided_at)}
    return _("Opened on %(day)s by an override: it was not ready.") % told


def _show(gate: GatePage, today: date) -> None:
    inside = gate.inside
    if inside is None:
        return
    say()
    say(gate_name(gate.line.opens_name), style="bold")
    say(gate_sentence(gate.line.state, inside.holding, inside.months_forecast, today))
    if inside.forecast is not None and (outlook := gate_forecast_sentence(inside.forecast, today)):
        say(outlook)
    console().print(_criteria(inside.criteria, today))
    say()
    for cohort in inside.cohorts:
        _show_months(cohort, today, named=inside.named)
    say(_legend(), style="dim")
    if gate.decision is not None:
        say(outcome_text(gate.decision.outcome))


def _criteria(lines: Iterable[CriterionLine], today: date) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("")
    table.add_column(_("The gate asks for"), ratio=3, overflow="fold")
    table.add_column(_("It stands at"), overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column(_("When"), overflow="fold")
    for line in lines:
        asked = criterion_text(line.standing)
        advisory = "" if line.standing.criterion.required else _(" (good to have)")
        table.add_row(
            "✓" if line.met else "–",
            escape(asked + advisory),
            escape(standing_text(line.standing)),
            _bar(line),
            escape(_when(line, today)),
            style="" if line.met else "bold",
        )
    return table


def _bar(line: CriterionLine) -> str:
    """How much of the way to what is asked is done."""
    done = int(line.standing.towards * BAR_CELLS)
    return "█" * done + "░" * (BAR_CELLS - done)


def _when(line: CriterionLine, today: date) -> str:
    if not line.met:
        return forecast_text(line.forecast, today) if line.forecast else _("not met")
    if line.since is None:
        return _("met")
    return _("met since %(month)s") % {"month": month_text(line.since, today)}


def _show_months(cohort: CohortMonths, today: date, *, named: bool) -> None:
    """A square for each month, its name under it, and why those that do not count do not."""
    tracked = cohort.tracked
    told = {"counted": tracked.counted, "needed": tracked.needed}
    say(f"{cohort.name}: " + _("%(counted)d of %(needed)d months counted") % told, style="bold")
    if cohort.left_out is not None:
        say(_("Left out by a lead: %(reason)s") % {"reason": cohort.left_out})
    if not tracked.months:
        say(_("Its tracking has not begun."))
        return
    labels = [short_month_text(month.from_on) for month in tracked.months]
    widths = [max(len(label), 1) for label in labels]
    squares = [_SQUARES[month.state] for month in tracked.months]
    say("  " + "  ".join(f"{square:^{width}}" for square, width in zip(squares, widths, strict=True)))
    say("  " + "  ".join(f"{label:^{width}}" for label, width in zip(labels, widths, strict=True)))
    for month in tracked.months:
        if month.reasons or month.state is MonthState.IN_PROGRESS:
            say(f"  {_name(month, today)}: {month_note(month, today, shown=named)}")


def _name(month: Month, today: date) -> str:
    return _("from %(day)s") % {"day": day_text(month.from_on, today)}


def _legend() -> str:
    return _("■ counted  □ not counted  ◧ in progress  · to come")
