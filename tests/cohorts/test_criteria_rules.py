from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.criteria.rules import (
    Comparison,
    Criterion,
    CriterionKind,
    Facts,
    FellShort,
    MonthsStillNeeded,
    NoCohort,
    NotMeasured,
    NotTicked,
    TooFewWholeMonths,
    Topic,
    default_criteria,
    standing,
    standings,
)
from cohorts.criteria.words import criterion_text, missing_clause, standing_text, topic_text
from cohorts.measures.rules import MEASURES, Reading
from cohorts.months.rules import (
    CohortMonths,
    Course,
    MonthFigures,
    MonthsAsked,
    OfCohorts,
    PhaseMonths,
    month_window,
    tracked_months,
)

START = date(2026, 6, 14)
TODAY = date(2026, 11, 20)
BERLIN, LYON = UUID(int=1), UUID(int=2)
IDENTITY = UUID(int=9)
AT_LEAST, AT_MOST = Comparison.AT_LEAST, Comparison.AT_MOST


def cohort(
    *,
    id: UUID = BERLIN,
    start: date | None = START,
    left_out: str | None = None,
    ended_on: date | None = None,
) -> CohortMonths:
    told = [MonthFigures(number=number, took_part=10, eligible=12, enrolled=12) for number in range(6)]
    tracked = tracked_months(Course(start=start, ended_on=ended_on), told, today=TODAY, asked=MonthsAsked())
    return CohortMonths(
        cohort=id, name={BERLIN: "Berlin", LYON: "Lyon"}[id], tracked=tracked, left_out=left_out
    )


def phase(*cohorts: CohortMonths, of: OfCohorts = OfCohorts.EVERY) -> PhaseMonths:
    return PhaseMonths(cohorts=cohorts, asked=MonthsAsked(of_cohorts=of))


def month_reading(
    number: int, took_part: int, eligible: int = 10, *, id: UUID = BERLIN, start: date = START
) -> Reading:
    window = month_window(start, number)
    return Reading(
        cohort=id,
        from_on=window.from_on,
        until_on=window.until_on,
        numerator=took_part,
        denominator=eligible,
        people=eligible,
    )


def day_reading(
    on: date, numerator: int | Decimal | Fraction, denominator: int = 1, *, id: UUID | None = None
) -> Reading:
    return Reading(
        cohort=id,
        from_on=on,
        until_on=on + timedelta(days=1),
        numerator=numerator,
        denominator=denominator,
        people=denominator,
    )


def asks(
    measure: str, comparison: Comparison, target: Fraction | Decimal | int, *, over_months: int | None = None
) -> Criterion:
    return Criterion(
        id=IDENTITY,
        kind=CriterionKind.MEASURE,
        required=True,
        measure=measure,
        comparison=comparison,
        target=Fraction(target),
        over_months=over_months,
    )


def facts(*readings: Reading, measure: str = "took_part_share", months: PhaseMonths | None = None) -> Facts:
    return Facts(months=months or phase(cohort()), readings={measure: readings})


# --- tracked months

MONTHS = Criterion(id=IDENTITY, kind=CriterionKind.MONTHS, required=True)


def test_tracked_months_stand_where_the_count_stands() -> None:
    stands = standing(MONTHS, facts(), TODAY)
    assert (stands.value, stands.target, stands.towards) == (Fraction(5), Fraction(6), Fraction(5, 6))
    assert stands.reasons == (MonthsStillNeeded(cohort=None, still_needed=1, in_a_row=False, ended_on=None),)


def test_tracked_months_are_met_once_enough_have_counted() -> None:
    asked = MonthsAsked(needed=5)
    tracked = tracked_months(
        Course(start=START),
        [MonthFigures(number=number, took_part=10, eligible=12, enrolled=12) for number in range(5)],
        today=TODAY,
        asked=asked,
    )
    months = PhaseMonths(cohorts=(CohortMonths(cohort=BERLIN, name="Berlin", tracked=tracked),), asked=asked)
    assert standing(MONTHS, Facts(months=months), TODAY).met


def test_each_cohort_that_is_behind_is_named() -> None:
    stands = standing(MONTHS, facts(months=phase(cohort(), cohort(id=LYON, start=None))), TODAY)
    assert stands.value == 0
    assert [
        (each.cohort, each.still_needed) for each in stands.reasons if isinstance(each, MonthsStillNeeded)
    ] == [
        ("Berlin", 1),
        ("Lyon", 6),
    ]


def test_a_cohort_that_ended_too_early_says_so() -> None:
    ended = date(2026, 9, 1)
    stands = standing(MONTHS, facts(months=phase(cohort(ended_on=ended))), TODAY)
    assert stands.reasons == (MonthsStillNeeded(cohort=None, still_needed=4, in_a_row=False, ended_on=ended),)


def test_without_a_cohort_kept_tracked_months_are_not_met() -> None:
    for months in (phase(), phase(cohort(left_out="Not a pilot after all."))):
        stands = standing(MONTHS, facts(months=months), TODAY)
        assert stands.reasons == (NoCohort(),)
        assert (stands.value, stands.towards) == (None, Fraction(0))


# --- a measure, in each of the last whole months

TOOK_PART = asks("took_part_share", AT_LEAST, Fraction(3, 5), over_months=3)


def test_a_share_is_met_when_each_of_the_last_three_whole_months_reaches_it() -> None:
    stands = standing(
        TOOK_PART, facts(*(month_reading(n, took) for n, took in enumerate([0, 1, 6, 7, 8, 0]))), TODAY
    )
    assert stands.values == (Fraction(3, 5), Fraction(7, 10), Fraction(4, 5))
    assert stands.value == Fraction(3, 5)
    assert (stands.met, stands.towards, stands.people) == (True, Fraction(1), 10)


def test_one_month_of_the_three_that_falls_short_is_named() -> None:
    stands = standing(
        TOOK_PART, facts(*(month_reading(n, took) for n, took in enumerate([9, 9, 6, 3, 8]))), TODAY
    )
    assert stands.reasons == (
        FellShort(
            measure="took_part_share",
            value=Fraction(3, 10),
            comparison=AT_LEAST,
            target=Fraction(3, 5),
            month=month_window(START, 3).from_on,
            lacking=(),
        ),
    )
    assert stands.towards == Fraction(5, 6)


def test_a_month_that_was_not_measured_is_not_zero_and_not_met() -> None:
    readings = [month_reading(2, 6), month_reading(3, 0, 0), month_reading(4, 8)]
    stands = standing(TOOK_PART, facts(*readings), TODAY)
    unmeasured = NotMeasured(measure="took_part_share", month=month_window(START, 3).from_on)
    assert stands.values == (Fraction(3, 5), None, Fraction(4, 5))
    assert stands.reasons == (unmeasured,)
    assert standing(TOOK_PART, facts(readings[0], readings[2]), TODAY).reasons == (unmeasured,)


def test_a_month_in_progress_is_not_among_the_last_whole_months() -> None:
    readings = [month_reading(n, 8) for n in (2, 3, 4)]
    assert standing(TOOK_PART, facts(*readings, month_reading(5, 0)), TODAY).met


def test_before_three_months_are_over_the_missing_ones_are_said() -> None:
    young = phase(cohort(start=date(2026, 9, 14)))
    readings = [month_reading(n, 8, start=date(2026, 9, 14)) for n in (0, 1)]
    stands = standing(TOOK_PART, facts(*readings, months=young), TODAY)
    assert stands.reasons == (TooFewWholeMonths(measure="took_part_share", whole=2, asked=3),)
    assert stands.towards == Fraction(2, 3)
    nothing = standing(TOOK_PART, facts(months=phase()), TODAY)
    assert nothing.reasons == (TooFewWholeMonths(measure="took_part_share", whole=0, asked=3),)
    assert (nothing.value, nothing.people) == (None, 0)


def test_shares_pool_over_the_cohorts_kept_month_by_month_from_the_latest() -> None:
    late = date(2026, 8, 1)
    berlin = [month_reading(n, 9, 10) for n in (2, 3, 4)]
    lyon = [month_reading(n, 6, 20, id=LYON, start=late) for n in (0, 1, 2)]
    both = phase(cohort(), cohort(id=LYON, start=late))
    assert standing(TOOK_PART, facts(*berlin, *lyon, months=both), TODAY).values == (Fraction(1, 2),) * 3
    left = phase(cohort(), cohort(id=LYON, start=late, left_out="Another country, another law."))
    assert standing(TOOK_PART, facts(*berlin, *lyon, months=left), TODAY).values == (Fraction(9, 10),) * 3


def test_a_monthly_measure_without_a_number_of_months_looks_at_the_last_whole_one() -> None:
    newest = asks("conversation_share", AT_LEAST, Fraction(1, 5))
    readings = [month_reading(3, 0), month_reading(4, 3), month_reading(5, 0)]
    assert standing(newest, facts(*readings, measure="conversation_share"), TODAY).value == Fraction(3, 10)


def test_a_measure_of_the_day_asked_over_months_is_read_at_the_end_of_each() -> None:
    fresh = asks("freshness", AT_LEAST, Fraction(4, 5), over_months=2)
    readings = [
        day_reading(date(2026, 10, 12), 9, 10),
        day_reading(date(2026, 10, 13), 8, 10),
        day_reading(date(2026, 11, 1), 7, 10),
        day_reading(date(2026, 11, 14), 1, 10),
    ]
    assert standing(fresh, facts(*readings, measure="freshness"), TODAY).values == (
        Fraction(4, 5),
        Fraction(7, 10),
    )


# --- a measure, by its newest reading


def test_the_newest_reading_tells_in_whatever_order_readings_come() -> None:
    accepted = asks("learnings_accepted", AT_LEAST, 12)
    readings = [day_reading(TODAY, 13), day_reading(date(2026, 11, 1), 9)]
    stands = standing(accepted, facts(*readings, measure="learnings_accepted"), TODAY)
    assert (stands.met, stands.value, stands.people) == (True, Fraction(13), None)


def test_a_reading_of_a_day_to_come_tells_nothing_yet() -> None:
    accepted = asks("learnings_accepted", AT_LEAST, 12)
    tomorrow = day_reading(TODAY + timedelta(days=1), 13)
    assert standing(accepted, facts(tomorrow, measure="learnings_accepted"), TODAY).reasons == (
        NotMeasured(measure="learnings_accepted", month=None),
    )


def test_a_measure_that_falls_short_says_by_how_much_and_what_is_lacking() -> None:
    topics = asks("topics_covered", AT_LEAST, 1)
    known = replace(
        facts(day_reading(TODAY, 4, 5), measure="topics_covered"),
        lacking={"topics_covered": (Topic.JOURNALISTS,)},
    )
    stands = standing(topics, known, TODAY)
    assert stands.reasons == (
        FellShort(
            measure="topics_covered",
            value=Fraction(4, 5),
            comparison=AT_LEAST,
            target=Fraction(1),
            month=None,
            lacking=("journalists",),
        ),
    )
    assert stands.towards == Fraction(4, 5)


def test_at_most_none_is_met_by_none_and_by_nothing_else() -> None:
    grave = asks("grave_incidents_open", AT_MOST, 0)
    assert standing(grave, facts(day_reading(TODAY, 0), measure="grave_incidents_open"), TODAY).met
    one = standing(grave, facts(day_reading(TODAY, 1), measure="grave_incidents_open"), TODAY)
    assert (one.met, one.towards) == (False, Fraction(0))


@pytest.mark.parametrize(
    ("comparison", "target", "value", "towards"),
    [
        (AT_LEAST, 10, 5, Fraction(1, 2)),
        (AT_LEAST, 10, -5, 0),
        (AT_LEAST, 0, -5, 0),
        (AT_MOST, 10, 20, Fraction(1, 2)),
        (AT_MOST, -10, 20, 0),
        (AT_MOST, -10, -5, 0),
    ],
)
def test_the_bar_is_filled_as_far_as_the_way_is_done(
    comparison: Comparison, target: int, value: int, towards: Fraction | int
) -> None:
    own = asks("own_number", comparison, target)
    assert standing(own, facts(day_reading(TODAY, value), measure="own_number"), TODAY).towards == towards


def test_targets_come_as_decimals_without_loss() -> None:
    tenth = replace(asks("own_number", AT_LEAST, 0), target=Decimal("0.1"))
    assert standing(tenth, facts(day_reading(TODAY, Decimal("0.1")), measure="own_number"), TODAY).met


# --- checklist


def test_a_checklist_item_is_met_when_it_was_done() -> None:
    item = Criterion(
        id=IDENTITY, kind=CriterionKind.CHECKLIST, required=True, item="Brief the sponsor", owner=LYON
    )
    assert standing(item, Facts(months=phase(), ticked={IDENTITY: TODAY}), TODAY).met
    assert standing(item, Facts(months=phase()), TODAY).reasons == (
        NotTicked(item="Brief the sponsor", owner=LYON, due_on=None, overdue=False),
    )


@pytest.mark.parametrize(("due_on", "overdue"), [(TODAY, False), (TODAY - timedelta(days=1), True)])
def test_a_checklist_item_is_overdue_from_the_day_after(due_on: date, overdue: bool) -> None:
    item = Criterion(id=IDENTITY, kind=CriterionKind.CHECKLIST, required=True, item="Brief", due_on=due_on)
    assert standing(item, Facts(months=phase()), TODAY).reasons == (
        NotTicked(item="Brief", owner=None, due_on=due_on, overdue=overdue),
    )


# --- defaults


def test_a_new_gate_asks_for_what_the_domain_says() -> None:
    numbers = count(1)
    criteria = default_criteria(lambda: UUID(int=next(numbers)))
    told = [
        (each.kind.value, each.measure, each.comparison.value, each.target, each.over_months, each.required)
        for each in criteria
    ]
    assert told == [
        ("months", "", "at_least", 1, None, True),
        ("measure", "took_part_share", "at_least", Fraction(3, 5), 3, True),
        ("measure", "learnings_accepted", "at_least", 12, None, True),
        ("measure", "topics_covered", "at_least", 1, None, True),
        ("measure", "grave_incidents_open", "at_most", 0, None, True),
        ("measure", "originality", "at_least", Fraction(1, 2), None, False),
        ("measure", "freshness", "at_least", Fraction(4, 5), None, False),
        ("checklist", "", "at_least", 1, None, True),
    ]
    assert criteria[-1].item == "The sponsor is briefed"
    assert len({each.id for each in criteria}) == len(criteria)
    assert all(each.measure in MEASURES for each in criteria if each.measure)
    assert [topic.value for topic in Topic] == [
        "disclosure",
        "privacy_and_security",
        "angry_critics",
        "advocates",
        "journalists",
    ]


def test_a_new_gate_of_an_empty_phase_meets_nothing() -> None:
    numbers = count(1)
    stands = standings(default_criteria(lambda: UUID(int=next(numbers))), Facts(months=phase()), TODAY)
    assert not any(each.met for each in stands)


shares: st.SearchStrategy[Mapping[int, tuple[int, int]]] = st.dictionaries(
    st.integers(0, 5), st.tuples(st.integers(0, 10), st.integers(0, 10))
)


@given(told=shares, over=st.integers(1, 4), comparison=st.sampled_from(Comparison), data=st.data())
def test_a_criterion_is_met_exactly_when_its_bar_is_full_whatever_the_order_of_readings(
    told: Mapping[int, tuple[int, int]], over: int, comparison: Comparison, data: st.DataObject
) -> None:
    criterion = asks("took_part_share", comparison, Fraction(3, 5), over_months=over)
    readings = [month_reading(number, took, of) for number, (took, of) in told.items()]
    stands = standing(criterion, facts(*readings), TODAY)
    assert stands.met == (stands.towards == 1)
    assert stands == standing(criterion, facts(*data.draw(st.permutations(readings))), TODAY)


# --- words


def said(criterion: Criterion, facts: Facts) -> tuple[str, str, str]:
    stands = standing(criterion, facts, TODAY)
    clause = missing_clause(stands, TODAY).replace("\N{NARROW NO-BREAK SPACE}", " ")
    title = criterion_text(stands).replace("\N{NARROW NO-BREAK SPACE}", " ")
    return title, standing_text(stands).replace("\N{NARROW NO-BREAK SPACE}", " "), clause


def on_the_day(measure: str, *readings: Reading, lacking: tuple[str, ...] = ()) -> Facts:
    return replace(facts(*readings, measure=measure), lacking={measure: lacking})


def test_tracked_months_in_words() -> None:
    title = "Six months of tracked performance"
    assert said(MONTHS, facts()) == (title, "5 of 6", "one more month has to be tracked")
    both = phase(cohort(start=date(2026, 7, 14)), cohort(id=LYON, start=None))
    assert said(MONTHS, facts(months=both)) == (
        title,
        "0 of 6",
        "“Berlin” has to track two more months and “Lyon” has to track six more months",
    )
    assert said(MONTHS, facts(months=phase()))[2] == "the phase has no cohort whose months could count"


@pytest.mark.parametrize(
    ("cohort", "in_a_row", "ended", "clause"),
    [
        (None, True, False, "two more months in a row have to be tracked"),
        ("Lyon", True, False, "“Lyon” has to track two more months in a row"),
        (None, False, True, "the cohort ended on 1 September, two tracked months too early"),
        (
            "Lyon",
            False,
            True,
            "“Lyon” ended on 1 September, two tracked months too early (a lead may leave it out)",
        ),
    ],
)
def test_what_the_months_lack_in_words(cohort: str | None, in_a_row: bool, ended: bool, clause: str) -> None:
    reason = MonthsStillNeeded(
        cohort=cohort, still_needed=2, in_a_row=in_a_row, ended_on=date(2026, 9, 1) if ended else None
    )
    assert missing_clause(replace(standing(MONTHS, facts(), TODAY), reasons=(reason,)), TODAY) == clause


def test_a_share_over_months_in_words() -> None:
    title = "At least 60 % took part in each of the last three months"
    fell_short = facts(month_reading(2, 6), month_reading(3, 3), month_reading(4, 5))
    assert said(TOOK_PART, fell_short) == (
        title,
        "60 %, 30 %, 50 %",
        "only 30 % took part in September and only 50 % took part in October",
    )
    assert said(TOOK_PART, facts(month_reading(2, 6), month_reading(4, 6))) == (
        title,
        "60 %, not measured, 60 %",
        "the share who took part was not measured in September",
    )
    assert said(TOOK_PART, facts(months=phase())) == (
        title,
        "not measured",
        "the share who took part can be judged after three more whole months",
    )


@pytest.mark.parametrize(
    ("measure", "comparison", "target", "value", "told"),
    [
        ("learnings_accepted", AT_LEAST, 12, 8, ("Twelve learnings accepted into the playbook", "8", "four more learnings have to be accepted")),
        ("topics_covered", AT_LEAST, 1, 1, ("The playbook covers every required topic", "100 %", "")),
        ("grave_incidents_open", AT_MOST, 0, 0, ("No grave incident open", "none", "")),
        ("grave_incidents_open", AT_MOST, 0, 1, ("No grave incident open", "1", "a grave incident is open")),
        ("grave_incidents_open", AT_MOST, 0, 2, ("No grave incident open", "2", "two grave incidents are open")),
        ("grave_incidents_open", AT_MOST, 1, 2, ("Grave incidents open at most 1", "2", "grave incidents open is 2 and may be at most 1")),
        ("originality", AT_LEAST, Fraction(1, 2), Fraction(2, 5), ("Posts in people’s own words", "0.4", "originality is 0.4 and has to be at least 0.5")),
        ("freshness", AT_LEAST, Fraction(4, 5), 1, ("At least 80 % of the playbook’s entries are fresh", "100 %", "")),
        ("topics_covered", AT_LEAST, Fraction(4, 5), Fraction(3, 5), ("Topics covered at least 80 %", "60 %", "the newest edition covers 60 % of the required topics")),
        ("newsletter readers", AT_MOST, 5, 6, ("Newsletter readers at most 5", "6", "newsletter readers is 6 and may be at most 5")),
    ],
)  # fmt: skip
def test_a_measure_in_words(
    measure: str,
    comparison: Comparison,
    target: Fraction | int,
    value: Fraction | int,
    told: tuple[str, str, str],
) -> None:
    known = on_the_day(measure, day_reading(TODAY, Fraction(value)))
    assert said(asks(measure, comparison, target), known) == told


def test_a_topic_without_an_entry_is_named() -> None:
    topics = asks("topics_covered", AT_LEAST, 1)
    lacking = on_the_day("topics_covered", day_reading(TODAY, 4, 5), lacking=(Topic.JOURNALISTS,))
    assert said(topics, lacking)[2] == "no entry yet helps with journalists"
    more = on_the_day(
        "topics_covered", day_reading(TODAY, 3, 5), lacking=(Topic.ANGRY_CRITICS, "works councils")
    )
    assert said(topics, more)[2] == "no entry yet helps with angry critics or works councils"
    assert topic_text(Topic.PRIVACY_AND_SECURITY) == "privacy and security"


def test_what_was_not_measured_is_said_so() -> None:
    assert said(asks("originality", AT_LEAST, Fraction(1, 2)), facts())[1:] == (
        "not measured",
        "originality has not been measured yet",
    )


@pytest.mark.parametrize(
    ("measure", "clause"),
    [
        ("learnings_accepted", "no learning has been accepted yet"),
        ("topics_covered", "no edition of the playbook has been published yet"),
        ("freshness", "no edition of the playbook has been published yet"),
    ],
)
def test_what_cannot_be_measured_before_something_is_there_says_what(measure: str, clause: str) -> None:
    assert said(asks(measure, AT_LEAST, 1), facts())[2] == clause


@pytest.mark.parametrize(
    ("comparison", "clause"),
    [
        (AT_LEAST, "conversation share was 30 % in October and has to be at least 40 %"),
        (AT_MOST, "conversation share was 30 % in October and may be at most 20 %"),
    ],
)
def test_a_measure_over_months_in_words(comparison: Comparison, clause: str) -> None:
    target = Fraction(2, 5) if comparison is AT_LEAST else Fraction(1, 5)
    known = facts(month_reading(4, 3), measure="conversation_share")
    title, _, told = said(asks("conversation_share", comparison, target, over_months=1), known)
    assert told == clause
    assert title.endswith(" in the last whole month")


def test_a_checklist_item_in_words() -> None:
    item = Criterion(id=IDENTITY, kind=CriterionKind.CHECKLIST, required=True, item="The sponsor is briefed")
    open_item = Facts(months=phase())
    assert said(item, open_item) == (
        "The sponsor is briefed",
        "not done",
        "“The sponsor is briefed” is not done yet",
    )
    assert said(item, Facts(months=phase(), ticked={IDENTITY: TODAY}))[1:] == ("done", "")
    late = replace(item, item="Ask the works council", due_on=date(2026, 10, 3))
    assert said(late, open_item)[2] == "“Ask the works council” was due on 3 October and is not done yet"
