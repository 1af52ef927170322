import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.scenario_texts.rules import ReadScenario, scenario_in, scenario_text
from playbooks.scenarios.rules import Answer, Ending, Scenario, ScenarioProblem, Turn, Wrong
from playbooks.starting_set.queries import starting_set
from tests.playbooks.scenarios import ADVERT, playable_scenarios

TEXT = """With: Jonas

You wrote about a repair.
It went well.

Then he came.

#### Nice advert
Half an hour later.

> Nice advert.
>
> How much do they pay?

- “They pay my salary.”
  You said
  what is true.
  → A good end
* You delete the post.
Nothing is left.
-> Fire

## Good end: A good end
He smiles.
#### bad END:  Fire
> Look at that.
"""


def test_a_scenario_is_read_as_it_is_written() -> None:
    assert scenario_in(TEXT) == ReadScenario(
        Scenario(
            other="Jonas",
            situation="You wrote about a repair. It went well.\n\nThen he came.",
            turns=(
                Turn(
                    name="Nice advert",
                    happens="Half an hour later.",
                    says="Nice advert.\n\nHow much do they pay?",
                    answers=(
                        Answer(
                            text="“They pay my salary.”", why="You said what is true.", leads_to="A good end"
                        ),
                        Answer(text="You delete the post.", why="Nothing is left.", leads_to="Fire"),
                    ),
                ),
            ),
            endings=(
                Ending(name="A good end", held=True, happens="He smiles.", says=""),
                Ending(name="Fire", held=False, happens="", says="Look at that."),
            ),
        ),
        (),
    )


@given(playable_scenarios())
def test_a_scenario_that_is_written_reads_as_the_same(scenario: Scenario) -> None:
    assert scenario_in(scenario_text(scenario)) == ReadScenario(scenario, ())


def test_those_of_the_starting_set_are_written_as_they_are_read() -> None:
    for entry in starting_set():
        if entry.scenario:
            assert scenario_in(scenario_text(entry.scenario)).scenario == entry.scenario


@given(st.text("#>-→ *ab\n:With good end", max_size=300))
def test_whatever_is_written_is_read_and_what_is_wrong_is_told(text: str) -> None:
    read = scenario_in(text)
    assert all(0 <= problem.line <= len(text.splitlines()) for problem in read.problems)
    assert list(read.problems) == sorted(read.problems, key=lambda problem: problem.line)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("With: Jonas\n", "\n", ScenarioProblem(Wrong.NO_OTHER)),
        ("-> Fire", "-> Nowhere", ScenarioProblem(Wrong.LEADS_NOWHERE, 19, "Nowhere")),
        ("-> Fire\n", "\n", ScenarioProblem(Wrong.NO_ARROW, 19, "You delete the post.")),
        ("Nothing is left.\n", "\n", ScenarioProblem(Wrong.NO_FEEDBACK, 19, "You delete the post.")),
        ("* You delete the post.", "*", ScenarioProblem(Wrong.ANSWER_EMPTY, 19, "Nice advert")),
        (
            "He smiles.",
            "- “And then?”",
            ScenarioProblem(Wrong.ANSWER_AT_AN_END, 24, "Good end: A good end"),
        ),
        ("bad END:  Fire", "bad end:", ScenarioProblem(Wrong.NO_NAME, 25)),
    ],
)
def test_what_is_wrong_is_told_with_its_line(before: str, after: str, problem: ScenarioProblem) -> None:
    assert before in TEXT
    assert problem in scenario_in(TEXT.replace(before, after)).problems


def test_an_empty_text_lacks_everything() -> None:
    assert [problem.wrong for problem in scenario_in("").problems] == [
        Wrong.NO_OTHER,
        Wrong.NO_SITUATION,
        Wrong.NO_TURN,
    ]


def test_the_small_scenario_is_written_for_people() -> None:
    assert scenario_text(ADVERT).startswith(
        "With: Jonas\n\nYou wrote about a repair.\n\n#### Nice advert\n\n> Nice advert?\n\n- True.\n  Because.\n  → A question\n"
    )
