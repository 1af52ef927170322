from datetime import date
from fractions import Fraction

import pytest

from cohorts.activities.rules import (
    BeforeConsent,
    BeforeTracking,
    InTheFuture,
    Kind,
    Network,
    NoConsent,
    NotActiveThen,
    WhyNot,
)
from cohorts.activities.words import EVENTS as ACTIVITY_EVENTS
from cohorts.activities.words import kind_text, network_text, why_not_sentence
from cohorts.criteria.rules import Withheld
from cohorts.criteria.words import EVENTS as CRITERION_EVENTS
from cohorts.criteria.words import reason_clause
from cohorts.decisions.rules import Choice
from cohorts.decisions.words import EVENTS as DECISION_EVENTS
from cohorts.gates.rules import GateState, Outcome
from cohorts.gates.words import EVENTS as GATE_EVENTS
from cohorts.gates.words import gate_name, line_sentence
from cohorts.incidents.rules import Gravity
from cohorts.incidents.words import EVENTS as INCIDENT_EVENTS
from cohorts.incidents.words import gravity_question, gravity_text
from cohorts.months.rules import Month, MonthFigures, MonthState, TooFewTookPart
from cohorts.months.words import month_note

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("state", "expected_on", "waits", "sentence"),
    [
        (GateState.OPENED, None, False, "This gate has been opened."),
        (GateState.STOPPED, None, False, "The program has been stopped."),
        (GateState.READY, None, False, "This gate is ready; its leads and sponsors decide."),
        (GateState.SHUT, None, True, "Nobody can tell yet when this gate will be ready."),
        (GateState.SHUT, date(2026, 7, 1), True, "This gate will be ready on 1 July at the earliest."),
        (GateState.SHUT, date(2027, 7, 1), False, "This gate will probably be ready on 1 July 2027."),
    ],
)
def test_what_everybody_may_know_of_a_gate(
    state: GateState, expected_on: date | None, waits: bool, sentence: str
) -> None:
    assert line_sentence(state, expected_on, waits=waits, today=TODAY) == sentence


def test_a_gate_is_called_after_what_it_opens() -> None:
    assert gate_name("First circle") == "Gate to “First circle”"


def test_every_event_of_gates_reads_as_what_somebody_did() -> None:
    facts = {"until_on": "2026-06-09", "from_on": "2026-06-09", "opens": "First circle"}
    told = {name: tell(facts) for name, tell in {**GATE_EVENTS, **CRITERION_EVENTS}.items()}
    assert told["gate_held"] == "held a gate shut until 9 June 2026"
    assert told["gate_became_ready"] == "found the gate to “First circle” ready"
    assert all(told.values())


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.STOPPED])
def test_every_decision_reads_as_what_somebody_did(outcome: Outcome) -> None:
    facts = {"outcome": outcome.value, "opens": "First circle", "choice": Choice.OPEN.value}
    told = {name: tell(facts) for name, tell in DECISION_EVENTS.items()}
    assert "opened the gate to “First circle”" in told["gate_opened"]
    assert told["gate_vote_cast"] == "voted on a gate: Open it"
    assert all(told.values())


def test_events_of_activities_and_incidents_name_nothing() -> None:
    assert [tell({}) for tell in ACTIVITY_EVENTS.values()] == [
        "logged an activity",
        "changed an activity",
        "deleted an activity",
        "took back that they had deleted an activity",
    ]
    assert [tell({}) for tell in INCIDENT_EVENTS.values()] == ["reported an incident", "closed an incident"]


@pytest.mark.parametrize("gravity", list(Gravity))
def test_how_grave_an_incident_is_has_words(gravity: Gravity) -> None:
    assert gravity_question(gravity).lower().startswith(gravity_text(gravity))


def test_kinds_and_networks_have_words() -> None:
    assert len({kind_text(kind) for kind in Kind}) == len(Kind)
    assert len({network_text(network) for network in Network}) == len(Network)


@pytest.mark.parametrize(
    ("why", "part"),
    [
        (InTheFuture(TODAY), "has not come yet"),
        (BeforeTracking(date(2026, 3, 1)), "Tracking began on 1 March"),
        (NotActiveThen(), "not an active member"),
        (NoConsent(Network.X), "tracking on X"),
        (BeforeConsent(Network.LINKEDIN, date(2026, 3, 1)), "LinkedIn from 1 March on"),
    ],
)
def test_why_an_activity_was_not_kept_is_said(why: WhyNot, part: str) -> None:
    assert part in why_not_sentence(why, TODAY)


def a_month(state: MonthState, *, short: bool = False) -> Month:
    figures = (
        None if state is MonthState.AHEAD else MonthFigures(number=0, took_part=2, eligible=6, enrolled=6)
    )
    return Month(
        number=0,
        from_on=date(2026, 5, 1),
        until_on=TODAY,
        state=state,
        figures=figures,
        reasons=(TooFewTookPart(2, 6, Fraction(1, 2)),) if short else (),
    )


@pytest.mark.parametrize(
    ("month", "shown", "hidden"),
    [
        (a_month(MonthState.COUNTED), "counted, 2 of 6 took part", "counted"),
        (a_month(MonthState.IN_PROGRESS), "in progress, 2 of 6 took part so far", "in progress"),
        (a_month(MonthState.AHEAD), "still to come", "still to come"),
        (
            a_month(MonthState.MISSED, short=True),
            "not counted, as only 2 of 6 took part",
            "not counted, as too few members took part",
        ),
        (
            a_month(MonthState.IN_PROGRESS, short=True),
            "cannot count, as only 2 of 6 took part",
            "cannot count, as too few members took part",
        ),
    ],
)
def test_what_became_of_a_month_stands_beside_its_name(month: Month, shown: str, hidden: str) -> None:
    assert month_note(month, TODAY, shown=True) == shown
    assert month_note(month, TODAY, shown=False) == hidden


def test_a_shortfall_of_too_few_people_has_no_figure() -> None:
    assert reason_clause(Withheld("took_part_share"), TODAY) == (
        "the share who took part falls short, of too few people to show how far"
    )
