import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind, Facts, standings
from cohorts.decisions.rules import Choice, Vote
from cohorts.evidence.rules import evidence, evidence_hash, evidence_read
from cohorts.gates.rules import HeldUntil
from cohorts.measures.rules import Reading
from cohorts.months.rules import (
    BeforeRecycle,
    CohortEnded,
    CohortMonths,
    Course,
    FewEligibleOfEnrolled,
    MonthFigures,
    MonthsAsked,
    PausedTooLong,
    PhaseMonths,
    Stretch,
    TooFewEligible,
    TooFewTookPart,
    tracked_months,
)
from program.roles.rules import Role

TODAY = date(2026, 6, 15)
COHORT = UUID(int=7)
LEAD, SPONSOR = UUID(int=8), UUID(int=9)
COURSE = Course(
    start=date(2026, 1, 1),
    pauses=(Stretch(date(2026, 2, 1), date(2026, 2, 20)),),
    recycled_on=date(2026, 2, 1),
    ended_on=date(2026, 6, 10),
)
FIGURES = [
    MonthFigures(number=0, took_part=6, eligible=6, enrolled=6),
    MonthFigures(number=1, took_part=6, eligible=6, enrolled=6),
    MonthFigures(number=2, took_part=2, eligible=2, enrolled=6),
    MonthFigures(number=3, took_part=1, eligible=6, enrolled=6),
    MonthFigures(number=4, took_part=6, eligible=6, enrolled=6),
    MonthFigures(number=5, took_part=6, eligible=6, enrolled=6),
]
CRITERIA = (
    Criterion(id=UUID(int=1), kind=CriterionKind.MONTHS, required=True),
    Criterion(
        id=UUID(int=2),
        kind=CriterionKind.MEASURE,
        required=True,
        measure="learnings_accepted",
        target=Fraction(12),
    ),
    Criterion(
        id=UUID(int=3),
        kind=CriterionKind.MEASURE,
        required=True,
        measure="grave_incidents_open",
        comparison=Comparison.AT_MOST,
        target=Fraction(0),
    ),
    Criterion(id=UUID(int=4), kind=CriterionKind.MEASURE, required=False, measure="originality"),
    Criterion(id=UUID(int=5), kind=CriterionKind.CHECKLIST, required=True, item="The sponsor is briefed"),
)


def months() -> PhaseMonths:
    tracked = tracked_months(COURSE, FIGURES, today=TODAY, asked=MonthsAsked(in_a_row=True))
    return PhaseMonths(
        cohorts=(CohortMonths(cohort=COHORT, name="Berlin", tracked=tracked, left_out="Too small."),),
        asked=MonthsAsked(),
    )


def facts() -> Facts:
    reading = Reading(
        cohort=None, from_on=TODAY, until_on=date(2026, 6, 16), numerator=1, denominator=1, people=0
    )
    return Facts(
        months=months(),
        readings={"grave_incidents_open": (reading,)},
        ticked={UUID(int=5): TODAY},
    )


def test_evidence_is_read_as_it_was_written() -> None:
    stood = standings(CRITERIA, facts(), TODAY)
    kept = json.loads(
        json.dumps(evidence(standings=stood, months=months(), holding=(), votes=(), today=TODAY))
    )
    read = evidence_read(kept, criteria=CRITERIA, names={COHORT: "Berlin"})
    assert read.judged_on == TODAY
    assert [each.met for each in read.criteria] == [standing.met for standing in stood]
    for each, standing in zip(read.criteria, stood, strict=True):
        assert each.standing.criterion == standing.criterion
        assert (each.standing.value, each.standing.values) == (standing.value, standing.values)
        assert (each.standing.target, each.standing.people) == (standing.target, standing.people)
    (cohort,) = read.cohorts
    was = months().cohorts[0].tracked
    assert (cohort.name, cohort.left_out) == ("Berlin", "")
    assert (cohort.tracked.counted, cohort.tracked.needed, cohort.tracked.in_a_row) == (
        was.counted,
        was.needed,
        True,
    )
    assert cohort.tracked.months == was.months


def test_every_reason_of_a_month_survives() -> None:
    reasons = {type(reason) for month in months().cohorts[0].tracked.months for reason in month.reasons}
    assert reasons == {
        TooFewEligible,
        FewEligibleOfEnrolled,
        TooFewTookPart,
        PausedTooLong,
        BeforeRecycle,
        CohortEnded,
    }


def test_what_a_company_changes_later_does_not_change_what_was_asked_then() -> None:
    stood = standings(CRITERIA, facts(), TODAY)
    kept = evidence(standings=stood, months=months(), holding=(), votes=(), today=TODAY)
    harder = [
        Criterion(
            id=criterion.id,
            kind=criterion.kind,
            required=not criterion.required,
            measure=criterion.measure,
            target=Fraction(99),
            item=criterion.item,
        )
        for criterion in CRITERIA
    ]
    read = evidence_read(kept, criteria=harder, names={COHORT: "Berlin"})
    assert [each.standing.target for each in read.criteria] == [standing.target for standing in stood]
    assert [each.standing.criterion.required for each in read.criteria] == [True, True, True, False, True]


def test_evidence_holds_figures_and_never_people_and_survives_json_with_its_hash() -> None:
    told = [MonthFigures(number=0, took_part=8, eligible=12, enrolled=12)]
    tracked = tracked_months(Course(start=date(2026, 5, 1)), told, today=TODAY, asked=MonthsAsked())
    berlin = CohortMonths(cohort=COHORT, name="Berlin", tracked=tracked, left_out="Ann Smith left.")
    owned = replace(CRITERIA[-1], owner=LEAD, item="Ann Smith briefed the sponsor")
    kept = evidence(
        standings=standings([owned], facts(), TODAY),
        months=PhaseMonths(cohorts=(berlin,), asked=MonthsAsked()),
        holding=(HeldUntil(date(2026, 6, 16)),),
        votes=[
            Vote(by=LEAD, roles=frozenset({Role.LEAD}), choice=Choice.OVERRIDE, comment="Ann Smith says so"),
            Vote(by=SPONSOR, roles=frozenset({Role.SPONSOR}), choice=Choice.OVERRIDE),
        ],
        today=TODAY,
    )
    text = json.dumps(kept)
    assert "Ann Smith" not in text
    assert all(str(person) not in text for person in (LEAD, SPONSOR))
    assert kept["votes"] == {"override": 2}
    assert kept["roles"] == {"lead": 1, "sponsor": 1}
    assert kept["held_shut_by"] == {"HeldUntil": 1}
    assert kept["criteria"][0]["values"] == ["1"]
    assert [month["state"] for month in kept["cohorts"][0]["months"]] == ["counted", "in_progress"]
    assert kept["cohorts"][0]["months"][0]["took_part"] == 8
    turned = dict(reversed(json.loads(text).items()))
    assert evidence_hash(turned) == evidence_hash(kept)


def test_evidence_that_was_changed_has_another_hash() -> None:
    stood = standings(CRITERIA, facts(), TODAY)
    kept = evidence(standings=stood, months=months(), holding=(), votes=(), today=TODAY)
    assert len(evidence_hash(kept)) == 32
    assert evidence_hash(kept | {"judged_on": "2026-11-21"}) != evidence_hash(kept)
