from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from cohorts.criteria.rules import Comparison, Criterion, CriterionKind
from cohorts.gate_changes.rules import (
    AskedAlready,
    CriterionAsked,
    DuePassed,
    GateAsked,
    GateDecided,
    ItemMissing,
    MonthSettings,
    NothingRequired,
    OutOfRange,
    asked_of,
    criterion_after,
    criterion_told,
    document_of,
    same,
    settings_told,
    what_bars_change,
    what_bars_leaving_out,
    what_bars_settings,
)
from cohorts.gate_changes.words import (
    EVENTS,
    change_bar_sentence,
    change_sentences,
    field_of,
    of_cohorts_text,
)
from cohorts.gates.rules import DayTooFar, ReasonMissing
from cohorts.months.rules import OfCohorts

TODAY = date(2026, 6, 1)
ANNA = uuid4()
MONTHS = Criterion(id=uuid4(), kind=CriterionKind.MONTHS, required=True)
SHARE = Criterion(
    id=uuid4(),
    kind=CriterionKind.MEASURE,
    required=True,
    measure="took_part_share",
    target=Fraction(3, 5),
    over_months=3,
)
ITEM = Criterion(id=uuid4(), kind=CriterionKind.CHECKLIST, required=True, item="The works council agreed")
SETTINGS = MonthSettings(needed=6, in_a_row=False, at_least_eligible=3, took_part_percent=50, pause_days=7)


def a_gate(*criteria: Criterion, began: bool = False, decided: bool = False) -> GateAsked:
    return GateAsked(
        criteria=criteria or (MONTHS, SHARE, ITEM),
        settings=SETTINGS,
        tracking_began=began,
        decided=decided,
    )


def bars(
    before: Criterion | None, after: Criterion | None, gate: GateAsked | None = None, reason: str = ""
) -> tuple[object, ...]:
    return what_bars_change(gate or a_gate(), before, after, reason=reason, today=TODAY)


def test_before_tracking_began_a_criterion_is_changed_without_a_reason() -> None:
    assert bars(SHARE, replace(SHARE, target=Fraction(1, 2))) == ()


def test_after_tracking_began_a_change_takes_a_reason() -> None:
    lower = replace(SHARE, target=Fraction(1, 2))
    assert bars(SHARE, lower, a_gate(began=True), reason="  ") == (ReasonMissing(),)
    assert bars(SHARE, lower, a_gate(began=True), reason="A merger.") == ()


def test_what_a_decision_rested_on_is_not_changed() -> None:
    assert bars(SHARE, replace(SHARE, required=False), a_gate(decided=True)) == (GateDecided(),)
    assert what_bars_settings(a_gate(decided=True), SETTINGS, reason="") == (GateDecided(),)
    assert what_bars_leaving_out(a_gate(decided=True), reason="Why.") == (GateDecided(),)


def test_to_leave_a_cohort_out_always_takes_a_reason() -> None:
    assert what_bars_leaving_out(a_gate(), reason=" ") == (ReasonMissing(),)
    assert what_bars_leaving_out(a_gate(), reason="It ended early.") == ()


def test_something_required_is_left() -> None:
    alone = a_gate(ITEM, replace(SHARE, required=False))
    assert bars(ITEM, None, alone) == (NothingRequired(),)
    assert bars(ITEM, replace(ITEM, required=False), alone) == (NothingRequired(),)
    assert bars(ITEM, None, a_gate()) == ()


def test_a_measure_is_asked_for_once() -> None:
    again = replace(SHARE, id=uuid4())
    assert bars(None, again) == (AskedAlready("took_part_share"),)
    assert bars(None, replace(again, comparison=Comparison.AT_MOST)) == ()
    assert bars(SHARE, replace(SHARE, target=Fraction(7, 10))) == ()


@pytest.mark.parametrize(
    ("measure", "target", "over_months", "found"),
    [
        ("took_part_share", Fraction(11, 10), None, OutOfRange("target", 0, 100)),
        ("took_part_share", Fraction(-1, 10), None, OutOfRange("target", 0, 100)),
        ("learnings_accepted", Fraction(10**10), None, OutOfRange("target", 0, 10**9)),
        ("took_part_share", Fraction(1), 61, OutOfRange("over_months", 1, 60)),
        ("took_part_share", Fraction(1), 0, OutOfRange("over_months", 1, 60)),
        ("freshness", Fraction(1), 3, OutOfRange("over_months", 0, 0)),
    ],
)
def test_numbers_stay_in_their_range(
    measure: str, target: Fraction, over_months: int | None, found: OutOfRange
) -> None:
    asked = replace(SHARE, measure=measure, target=target, over_months=over_months)
    assert bars(SHARE, asked) == (found,)


@pytest.mark.parametrize(
    ("item", "due_on", "found"),
    [
        ("", None, ItemMissing()),
        ("x" * 201, None, ItemMissing()),
        ("Done", date(2026, 5, 31), DuePassed(date(2026, 5, 31))),
        ("Done", date(2031, 6, 2), DayTooFar(date(2031, 6, 2), date(2031, 6, 1))),
    ],
)
def test_a_checklist_item_says_what_and_is_due_on_a_day_to_come(
    item: str, due_on: date | None, found: object
) -> None:
    assert bars(ITEM, replace(ITEM, item=item, due_on=due_on)) == (found,)


def test_a_day_that_has_passed_meanwhile_may_stay() -> None:
    late = replace(ITEM, due_on=date(2026, 5, 1))
    assert bars(late, replace(late, item="Another")) == ()
    assert bars(ITEM, replace(ITEM, due_on=TODAY)) == ()


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (replace(SETTINGS, needed=0), OutOfRange("needed", 1, 60)),
        (replace(SETTINGS, needed=61), OutOfRange("needed", 1, 60)),
        (replace(SETTINGS, at_least_eligible=0), OutOfRange("at_least_eligible", 1, 10_000)),
        (replace(SETTINGS, took_part_percent=101), OutOfRange("took_part_percent", 1, 100)),
        (replace(SETTINGS, pause_days=32), OutOfRange("pause_days", 0, 31)),
    ],
)
def test_month_settings_stay_in_their_range(changed: MonthSettings, found: OutOfRange) -> None:
    assert what_bars_settings(a_gate(), changed, reason="") == (found,)
    assert what_bars_settings(a_gate(), SETTINGS, reason="") == ()


def test_a_criterion_takes_what_its_kind_knows_of() -> None:
    asked = CriterionAsked(
        required=False,
        comparison=Comparison.AT_MOST,
        target=Decimal("0.4"),
        over_months=2,
        item=" A talk was given ",
        owner=ANNA,
        due_on=TODAY,
    )
    assert criterion_after(MONTHS, asked) == replace(MONTHS, required=False)
    assert criterion_after(SHARE, asked) == replace(
        SHARE, required=False, comparison=Comparison.AT_MOST, target=Fraction(2, 5), over_months=2
    )
    assert criterion_after(ITEM, asked) == replace(
        ITEM, required=False, item="A talk was given", owner=ANNA, due_on=TODAY
    )


@pytest.mark.parametrize("criterion", [MONTHS, SHARE, replace(ITEM, owner=ANNA, due_on=TODAY), ITEM])
def test_a_criterion_is_told_and_read_again(criterion: Criterion) -> None:
    assert criterion_told(document_of(criterion), criterion.id) == criterion
    assert same(criterion_after(criterion, asked_of(criterion)), criterion)


def test_month_settings_are_told_and_read_again() -> None:
    of_any = replace(SETTINGS, of_cohorts=OfCohorts.ANY)
    assert settings_told(document_of(of_any)) == of_any
    assert not same(SETTINGS, of_any)


@pytest.mark.parametrize(
    ("bar", "field", "said"),
    [
        (ReasonMissing(), "reason", "Please give a reason."),
        (GateDecided(), None, "This gate has been decided"),
        (NothingRequired(), None, "A gate has to require something"),
        (AskedAlready("freshness"), None, "The gate asks for freshness already."),
        (OutOfRange("target", 0, 100), "target", "Please give a number from 0 to 100."),
        (OutOfRange("over_months", 0, 0), "over_months", "This measure is not read month by month."),
        (ItemMissing(), "item", "Please say in a line"),
        (DuePassed(date(2026, 5, 1)), "due_on", "1 May has passed already."),
        (DayTooFar(date(2040, 1, 1), date(2031, 6, 1)), "due_on", "Please choose a day up to 1 June 2031."),
    ],
)
def test_each_bar_says_what_can_be_done_and_where(bar: object, field: str | None, said: str) -> None:
    assert change_bar_sentence(bar, TODAY).startswith(said)  # type: ignore[arg-type]
    assert field_of(bar) == field  # type: ignore[arg-type]


def test_an_unknown_bar_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        change_bar_sentence("?", TODAY)  # type: ignore[arg-type]


def told(before: Criterion | MonthSettings | None, after: Criterion | MonthSettings | None) -> list[str]:
    return change_sentences(before, after, {ANNA: "Anna Adler"}, months=6)


def test_a_change_of_a_criterion_is_said_in_words() -> None:
    asked = "At least %d\u202f%% took part in each of the last three months"
    assert told(SHARE, replace(SHARE, target=Fraction(1, 2))) == [f"“{asked % 60}” became “{asked % 50}”."]
    assert told(MONTHS, replace(MONTHS, required=False)) == [
        "“Six months of tracked performance” is advisory now."
    ]
    assert told(replace(MONTHS, required=False), MONTHS) == [
        "“Six months of tracked performance” is required now."
    ]
    assert told(None, ITEM) == ["“The works council agreed” was added."]
    assert told(None, replace(ITEM, required=False)) == ["“The works council agreed” was added, advisory."]
    assert told(ITEM, None) == ["“The works council agreed” is asked no more."]
    assert told(None, None) == []


def test_a_target_that_its_heading_does_not_name_is_said() -> None:
    originality = replace(SHARE, measure="originality", target=Fraction(1, 2), over_months=None)
    assert told(originality, replace(originality, target=Fraction(2, 5))) == [
        "“Posts in people’s own words” asks for 0.4 instead of 0.5."
    ]


def test_who_sees_to_it_and_by_when_is_said() -> None:
    named = replace(ITEM, owner=ANNA, due_on=date(2026, 7, 1))
    assert told(ITEM, named) == [
        "Anna Adler sees to “The works council agreed” now.",
        "“The works council agreed” is due on 1 July 2026 now.",
    ]
    assert told(named, ITEM) == [
        "Nobody is named for “The works council agreed” any more.",
        "“The works council agreed” has no day any more.",
    ]


def test_a_change_of_the_months_is_said_in_words() -> None:
    after = MonthSettings(
        needed=4,
        in_a_row=True,
        at_least_eligible=5,
        took_part_percent=60,
        pause_days=1,
        of_cohorts=OfCohorts.ANY,
    )
    assert told(SETTINGS, after) == [
        "Four tracked months are needed instead of six.",
        "The months have to be in a row now.",
        "A month takes five members active all through it instead of three.",
        "A month takes 60\u202f% who took part instead of 50\u202f%.",
        "A month may be paused for one day instead of seven.",
        "Any one cohort of the phase needs its months.",
    ]
    assert told(after, SETTINGS)[1] == "The months need not be in a row any more."
    assert told(SETTINGS, SETTINGS) == []
    assert of_cohorts_text(OfCohorts.EVERY) == "Every cohort of the phase needs its months"


def test_events_of_changes_name_nothing() -> None:
    said = [
        EVENTS["gate_asks_changed"]({"change": change})
        for change in ("added", "removed", "changed", "months")
    ]
    assert len(set(said)) == 4
    assert EVENTS["cohort_left_out"]({}) == "left a cohort out when its gate is judged"
    assert EVENTS["cohort_taken_in_again"]({}) == "let a cohort be judged again that was left out"


def test_ids_of_nobody_are_no_names() -> None:
    assert change_sentences(ITEM, replace(ITEM, owner=UUID(int=1)), {}, months=6) == [
        "Nobody is named for “The works council agreed” any more."
    ]
