import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.scenarios.rules import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_STEPS,
    Answer,
    Ending,
    NoSuchAnswerError,
    Scenario,
    ScenarioProblem,
    Turn,
    Wrong,
    conversation_after,
    longest_way,
    scenario_document,
    scenario_of,
    what_is_wrong_with_scenario,
)
from playbooks.scenarios.words import scenario_problem_sentence
from playbooks.starting_set.queries import starting_set
from tests.playbooks.scenarios import ADVERT, answer, any_scenarios, ending, playable_scenarios, turn

OURS = [entry.scenario for entry in starting_set() if entry.scenario]
FIRST, SECOND = ADVERT.turns
GOOD, BAD = ADVERT.endings


def wrong(scenario: Scenario) -> list[tuple[Wrong, str]]:
    return [(problem.wrong, problem.name) for problem in what_is_wrong_with_scenario(scenario)]


def with_first(*answers: Answer) -> Scenario:
    return replace(ADVERT, turns=(replace(FIRST, answers=answers), SECOND))


def ways(scenario: Scenario) -> Iterator[list[str]]:
    """Every way through, as the names of its steps, told by brute force; it stops where a name comes again."""
    steps = {step.name: step for step in scenario.steps}

    def on(name: str, before: list[str]) -> Iterator[list[str]]:
        way = [*before, name]
        step = steps.get(name)
        if not isinstance(step, Turn) or name in before:
            yield way
            return
        for each in step.answers:
            yield from on(each.leads_to, way)

    yield from on(scenario.turns[0].name, [])


def test_a_small_scenario_can_be_played() -> None:
    assert wrong(ADVERT) == []
    assert longest_way(ADVERT) == 2


@pytest.mark.parametrize("scenario", OURS, ids=lambda scenario: scenario.other)
def test_the_scenarios_of_the_starting_set_are_deep_and_come_out_in_several_ways(scenario: Scenario) -> None:
    assert wrong(scenario) == []
    assert 4 <= longest_way(scenario) <= 8
    assert sum(end.held for end in scenario.endings) == 2
    assert len(scenario.endings) >= 7
    told = repr(scenario_document(scenario))
    assert '"' not in told.replace("'", "")
    shortest = min(len(way) for way in ways(scenario) if held(scenario, way[-1]))
    assert shortest >= 3
    assert max(len(way) for way in ways(scenario)) == longest_way(scenario) + 1


def held(scenario: Scenario, name: str) -> bool:
    return any(end.name == name and end.held for end in scenario.endings)


@given(any_scenarios())
def test_what_is_wrong_is_what_trying_every_way_finds(scenario: Scenario) -> None:
    found = list(ways(scenario))
    reached = {name for way in found for name in way}
    names = {step.name for step in scenario.steps}
    fine = (
        all(len(each.answers) >= 2 for each in scenario.turns)
        and {each.leads_to for one in scenario.turns for each in one.answers} <= names
        and all(len(set(way)) == len(way) for way in found)
        and reached == names
        and any(held(scenario, name) for name in reached)
    )
    assert (what_is_wrong_with_scenario(scenario) == ()) is fine


@given(playable_scenarios(), st.data())
def test_every_way_through_a_playable_scenario_ends_after_at_most_the_longest(
    scenario: Scenario, data: st.DataObject
) -> None:
    assert wrong(scenario) == []
    choices: list[int] = []
    while isinstance(now := conversation_after(scenario, choices).now, Turn):
        choices.append(data.draw(st.integers(0, len(now.answers) - 1)))
    talk = conversation_after(scenario, choices)
    assert [said.place for said in talk.said] == choices
    assert [said.answer for said in talk.said] == [
        said.turn.answers[place] for said, place in zip(talk.said, choices, strict=True)
    ]
    assert len(choices) <= longest_way(scenario) <= len(scenario.turns)
    with pytest.raises(NoSuchAnswerError):
        conversation_after(scenario, [*choices, 0])


@given(playable_scenarios())
def test_a_scenario_is_kept_in_json_as_it_is(scenario: Scenario) -> None:
    assert scenario_of(json.loads(json.dumps(scenario_document(scenario)))) == scenario


@pytest.mark.parametrize("place", [-1, 2, 99])
def test_an_answer_that_is_not_offered_cannot_be_given(place: int) -> None:
    with pytest.raises(NoSuchAnswerError):
        conversation_after(ADVERT, [place])


def test_a_conversation_stands_where_its_answers_lead() -> None:
    assert conversation_after(ADVERT, []).now == FIRST
    assert conversation_after(ADVERT, [0]).now == SECOND
    assert conversation_after(ADVERT, [0, 0]).now == GOOD
    assert conversation_after(ADVERT, [1]).now == BAD


def test_names_are_found_whatever_their_case_and_spaces() -> None:
    assert wrong(with_first(answer("a", "a  QUESTION"), answer("b", "fire"))) == []


@pytest.mark.parametrize(
    ("scenario", "problem"),
    [
        (replace(ADVERT, other=""), (Wrong.NO_OTHER, "")),
        (replace(ADVERT, situation=""), (Wrong.NO_SITUATION, "")),
        (replace(ADVERT, situation="x" * (LONGEST_TEXT + 1)), (Wrong.TEXT_TOO_LONG, "")),
        (replace(ADVERT, other="x" * (LONGEST_NAME + 1)), (Wrong.NAME_TOO_LONG, "x" * (LONGEST_NAME + 1))),
        (replace(ADVERT, turns=()), (Wrong.NO_TURN, "")),
        (replace(ADVERT, endings=(ending("Friends", held=False), BAD)), (Wrong.NO_GOOD_END, "")),
        (replace(ADVERT, endings=(*ADVERT.endings, ending("", held=False))), (Wrong.NO_NAME, "")),
        (replace(ADVERT, endings=(*ADVERT.endings, ending("fire", held=False))), (Wrong.NAME_TWICE, "fire")),
        (
            replace(ADVERT, endings=(*ADVERT.endings, ending("Later", held=True))),
            (Wrong.NEVER_REACHED, "Later"),
        ),
        (
            replace(ADVERT, endings=(GOOD, replace(BAD, happens="", says=""))),
            (Wrong.NOTHING_SAID, "Fire"),
        ),
        (
            replace(ADVERT, endings=(GOOD, replace(BAD, says="x" * (LONGEST_TEXT + 1)))),
            (Wrong.TEXT_TOO_LONG, "Fire"),
        ),
        (with_first(answer("a", "A question")), (Wrong.TOO_FEW_ANSWERS, "Nice advert")),
        (
            with_first(*(answer(f"{each}", "A question") for each in range(6))),
            (Wrong.TOO_MANY_ANSWERS, "Nice advert"),
        ),
        (with_first(answer("A", "A question"), answer("a ", "Fire")), (Wrong.ANSWER_TWICE, "a ")),
        (with_first(answer("", "A question"), answer("b", "Fire")), (Wrong.ANSWER_EMPTY, "Nice advert")),
        (
            with_first(Answer(text="a", why="", leads_to="A question"), answer("b", "Fire")),
            (Wrong.NO_FEEDBACK, "a"),
        ),
        (
            with_first(
                Answer(text="a", why="w" * (LONGEST_TEXT + 1), leads_to="A question"), answer("b", "Fire")
            ),
            (Wrong.TEXT_TOO_LONG, "a"),
        ),
        (with_first(answer("a", "A question"), answer("b", "")), (Wrong.NO_ARROW, "b")),
        (with_first(answer("a", "A question"), answer("b", "Mars")), (Wrong.LEADS_NOWHERE, "Mars")),
        (
            with_first(answer("a", "A question"), answer("b", "nice advert")),
            (Wrong.LEADS_BACK, "nice advert"),
        ),
    ],
)
def test_what_is_wrong_is_named(scenario: Scenario, problem: tuple[Wrong, str]) -> None:
    assert problem in wrong(scenario)


def test_a_name_too_long_for_a_step_is_named() -> None:
    long = "x" * (LONGEST_NAME + 1)
    scenario = with_first(answer("a", "A question"), answer("b", long))
    assert wrong(replace(scenario, endings=(*ADVERT.endings, ending(long, held=False)))) == [
        (Wrong.NAME_TOO_LONG, long)
    ]


def test_a_circle_that_leads_through_several_turns_is_found_once() -> None:
    round_about = Scenario(
        other="Jonas",
        situation="You wrote.",
        turns=(
            turn("A", answer("on", "B"), answer("end", "Fine")),
            turn("B", answer("on", "C"), answer("end", "Fine")),
            turn("C", answer("back", "A"), answer("end", "Fine")),
        ),
        endings=(ending("Fine", held=True),),
    )
    assert wrong(round_about) == [(Wrong.LEADS_BACK, "A")]


def test_far_too_many_steps_are_refused_before_they_are_walked() -> None:
    many = tuple(
        turn(f"{each}", answer("on", f"{each + 1}"), answer("end", "Fine")) for each in range(5 * MOST_STEPS)
    )
    scenario = Scenario(other="J", situation="S", turns=many, endings=(ending("Fine", held=True),))
    assert wrong(scenario) == [(Wrong.TOO_MANY_STEPS, "")]


@pytest.mark.parametrize("kind", Wrong)
def test_every_problem_says_what_to_mend(kind: Wrong) -> None:
    assert scenario_problem_sentence(ScenarioProblem(kind, 12, "Fire")).startswith("Line 12: ")
    whole = scenario_problem_sentence(ScenarioProblem(kind, 0, "Fire"))
    assert whole.endswith((".", "”."))
    assert "%" not in whole


def test_an_end_is_an_end() -> None:
    assert isinstance(conversation_after(ADVERT, [1]).now, Ending)
