from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.choosing.rules import (
    MOST_SUGGESTED,
    FirstFromDepartment,
    FirstFromRegion,
    IsActive,
    IsSenior,
    MixProblem,
    NobodyActive,
    NobodySenior,
    OverCapacity,
    Somebody,
    Suggestion,
    TooFewForAMonth,
    TooManyFrom,
    suggestions,
    what_is_wrong_with_the_mix,
)
from cohorts.choosing.words import activity_text, mix_problem, suggestion_text
from program.network_activity.rules import NetworkActivity, SaidBy

WEEKLY = NetworkActivity(networks=("linkedin",), how_often="weekly", said_by=SaidBy.ONESELF)
MONTHLY = NetworkActivity(networks=("x",), how_often="monthly", said_by=SaidBy.MANAGER)
NEVER = NetworkActivity(networks=None, how_often="never", said_by=SaidBy.FILE)


def somebody(name: str, activity: NetworkActivity | None = None, **known: Any) -> Somebody:
    return Somebody(person=uuid4(), name=name, activity=activity or NetworkActivity(), **known)


def wrong(mix: list[Somebody], **more: Any) -> tuple[MixProblem, ...]:
    told: dict[str, Any] = {"chosen": len(mix), "free": 12, "least": 3, "pilot": True, **more}
    return what_is_wrong_with_the_mix(mix, **told)


def a_good_mix() -> list[Somebody]:
    return [
        somebody("Ada", WEEKLY, department="Sales", level=6),
        somebody("Ben", MONTHLY, department="Sales", level=4),
        somebody("Cleo", WEEKLY, department="Legal", level=3),
        somebody("Dora", department="Service", level=3),
    ]


def test_unknown_is_unknown_and_never_is_not_active() -> None:
    assert NetworkActivity().active is None
    assert NEVER.active is False
    assert MONTHLY.active
    assert not MONTHLY.often
    assert WEEKLY.often
    assert NetworkActivity(networks=("x",)).active


def test_whoever_completes_the_mix_comes_first_and_says_why() -> None:
    director = somebody("Ada", WEEKLY, department="Sales", level=6, region="North")
    colleague = somebody("Ben", WEEKLY, department="Sales", level=3, region="North")
    lawyer = somebody("Cleo", MONTHLY, department="Legal", level=3, region="North")
    silent = somebody("Dora", NEVER, department="Service", level=7)
    unknown = somebody("Emil", department="Service", level=7)
    assert suggestions([colleague, lawyer, silent, unknown, director], [], places=12) == (
        Suggestion(
            director, (IsActive(WEEKLY), IsSenior(6), FirstFromDepartment("Sales"), FirstFromRegion("North"))
        ),
        Suggestion(lawyer, (IsActive(MONTHLY), FirstFromDepartment("Legal"))),
        Suggestion(colleague, (IsActive(WEEKLY),)),
    )


def test_what_the_mix_has_already_is_no_reason() -> None:
    ada = somebody("Ada", WEEKLY, department="Sales", region="North")
    (suggestion,) = suggestions([ada], [somebody("Ben", department="Sales", region="North")], places=None)
    assert suggestion.reasons == (IsActive(WEEKLY),)


def test_no_more_are_suggested_than_there_are_places() -> None:
    many = [somebody(f"Person {number}", WEEKLY) for number in range(20)]
    assert len(suggestions(many, [], places=2)) == 2
    assert suggestions(many, [], places=0) == ()
    assert len(suggestions(many, [], places=None)) == MOST_SUGGESTED


def test_where_nobody_is_known_to_be_active_the_senior_ones_of_whom_it_is_not_known_are_suggested() -> None:
    boss = somebody("Ada", department="Sales", level=6)
    silent = somebody("Ben", NEVER, level=7)
    junior = somebody("Cleo", level=2)
    assert suggestions([junior, silent, boss], [], places=12) == (
        Suggestion(boss, (IsSenior(6), FirstFromDepartment("Sales"))),
    )
    assert suggestions([boss], [somebody("Dora", WEEKLY)], places=12) == ()


def test_of_two_who_add_as_much_the_one_who_speaks_more_often_comes_first() -> None:
    rare, often = somebody("Ada", MONTHLY), somebody("Ben", WEEKLY)
    assert [each.somebody for each in suggestions([rare, often], [], places=12)] == [often, rare]


def test_nothing_is_wrong_with_nobody_or_with_a_good_mix() -> None:
    assert wrong([]) == ()
    assert wrong(a_good_mix()) == ()


def test_half_from_one_department_is_fine_and_more_is_too_many() -> None:
    mix = a_good_mix()
    assert wrong([*mix, somebody("Emil", department="Sales")]) == (TooManyFrom("Sales", 3, 5),)
    assert wrong([*mix[:2], somebody("Emil", department="Sales")]) == ()


def test_a_pilot_in_which_nobody_is_active_or_senior_is_warned_of_and_a_later_circle_is_not() -> None:
    mix = [somebody("Ada", NEVER, level=2), somebody("Ben", level=4), somebody("Cleo")]
    assert wrong(mix) == (NobodyActive(2), NobodySenior(1))
    assert wrong(mix, pilot=False) == ()


def test_too_few_and_too_many_are_said_with_how_many() -> None:
    mix = a_good_mix()
    assert wrong(mix[:2]) == (TooFewForAMonth(2, 3),)
    assert wrong(mix, free=3) == (OverCapacity(4, 3),)
    assert wrong(mix, free=None) == ()
    assert wrong(mix, chosen=1, free=1) == ()


def test_a_suggestion_reads_as_its_reasons() -> None:
    ada = somebody("Ada", WEEKLY)
    reasons = (IsActive(WEEKLY), IsSenior(6), FirstFromDepartment("Sales"), FirstFromRegion("North"))
    assert suggestion_text(Suggestion(ada, reasons)) == (
        "Active weekly on LinkedIn, as they say themselves; Director; nobody from Sales yet; nobody from North yet"
    )


@pytest.mark.parametrize(
    ("activity", "text"),
    [
        (NetworkActivity(), ""),
        (NEVER, "not active"),
        (NetworkActivity(how_often="never", said_by=SaidBy.MANAGER), "not active, as their manager says"),
        (NetworkActivity(networks=("x", "blog"), said_by=SaidBy.FILE), "active on X and Own blog"),
        (NetworkActivity(how_often="daily", said_by=SaidBy.FILE), "active daily"),
        (MONTHLY, "active monthly on X, as their manager says"),
    ],
)
def test_what_is_known_of_activity_is_said_with_whose_word_it_is(
    activity: NetworkActivity, text: str
) -> None:
    assert activity_text(activity) == text


@pytest.mark.parametrize(
    ("problem", "beginning"),
    [
        (OverCapacity(4, 1), "You chose 4 people, and 1 place is free."),
        (OverCapacity(4, 2), "You chose 4 people, and 2 places are free."),
        (TooFewForAMonth(2, 3), "A month can count only with at least three active members"),
        (TooManyFrom("Sales", 3, 5), "3 of 5 are from Sales."),
        (NobodyActive(2), "Nobody here is known to be active on social media; of two nobody said."),
        (NobodyActive(0), "Nobody here is active on social media."),
        (NobodySenior(1), "Nobody here is known to be senior; the level of one is not known."),
        (NobodySenior(0), "Nobody here is a senior manager or above."),
    ],
)
def test_every_problem_of_a_mix_is_said_in_words(problem: MixProblem, beginning: str) -> None:
    assert mix_problem(problem).startswith(beginning)


def test_ids_tell_namesakes_apart() -> None:
    one, other = somebody("Ada", WEEKLY), somebody("Ada", WEEKLY)
    assert {each.somebody.person for each in suggestions([one, other], [], places=2)} == {
        one.person,
        other.person,
    }
    assert isinstance(one.person, UUID)
