import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.revisions.rules import Fate, put_together, words_compared

WORDS = st.lists(
    st.sampled_from(["a", "fact", "Once", "don’t", "well-known", "\n", "\n\n", ".", ", ", "—", "ß"]),
    max_size=30,
).map(" ".join)


def shown(before: str, after: str) -> str:
    """What is gone in [ ], what has come in { }."""
    frame = {Fate.KEPT: "{}", Fate.GONE: "[{}]", Fate.COME: "{{{}}}"}
    return "".join(frame[each.fate].format(each.text) for each in words_compared(before, after))


def test_words_that_changed_are_told_apart_from_those_that_stayed() -> None:
    assert shown("Answer once, calmly.", "Answer twice, calmly.") == "Answer [once]{twice}, calmly."


def test_a_phrase_is_compared_as_a_whole() -> None:
    assert (
        shown("Answer once, with a fact and no more.", "Answer once, with two facts and no more.")
        == "Answer once, with [a fact]{two facts} and no more."
    )


def test_what_came_at_the_end_leaves_the_rest_alone() -> None:
    assert shown("Say who you are.\n\nAlways.", "Say who you are, at once.\n\nAlways.") == (
        "Say who you are{, at once}.\n\nAlways."
    )


def test_a_whole_new_paragraph_is_one_passage() -> None:
    assert shown("One.", "One.\n\nTwo.") == "One.{\n\nTwo.}"


def test_nothing_in_common_is_gone_and_come() -> None:
    assert shown("The quick brown fox", "A slow red snail") == "[The quick brown fox]{A slow red snail}"
    assert shown("", "New") == "{New}"
    assert shown("Old", "") == "[Old]"


def test_the_same_text_has_one_passage_and_no_text_has_none() -> None:
    assert shown("Same.", "Same.") == "Same."
    assert words_compared("", "") == ()


@given(WORDS, WORDS)
def test_a_comparison_loses_nothing_of_either_text(before: str, after: str) -> None:
    passages = words_compared(before, after)
    assert "".join(each.text for each in passages if each.fate is not Fate.GONE) == after
    gone = "".join(each.text for each in passages if each.fate is not Fate.COME)
    assert gone.split() == before.split()
    assert all(one.fate is not other.fate for one, other in pairwise(passages))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 10_000, "a b " * 5_000),
        ("a\n" * 10_000, "a\nb\n" * 5_000),
        ("x" * 20_000, "y" * 20_000),
        ("a b c d " * 2_500, "d c b a " * 2_500),
        ("(" * 20_000, ")" * 20_000),
    ],
)
def test_long_and_odd_texts_are_compared_in_no_time(before: str, after: str) -> None:
    begun = time.process_time()
    passages = words_compared(before, after)
    assert time.process_time() - begun < 2
    assert "".join(each.text for each in passages if each.fate is not Fate.GONE) == after


def test_changes_of_different_paragraphs_are_put_together() -> None:
    base = "One.\n\nTwo.\n\nThree."
    assert put_together(base, "One!\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree.\n\nFour.") == (
        "One!\n\nTwo.\n\nThree.\n\nFour."
    )


def test_the_same_change_by_both_is_made_once() -> None:
    assert put_together("One.", "Two.", "Two.") == "Two."


def test_two_changes_of_one_paragraph_cannot_be_put_together() -> None:
    assert put_together("One.\n\nTwo.", "Mine.\n\nTwo.", "Theirs.\n\nTwo.") is None
    assert put_together("One.", "One.\nMine.", "One.\nTheirs.") is None


@given(WORDS, WORDS)
def test_who_changed_nothing_changes_nothing(base: str, made: str) -> None:
    assert put_together(base, base, made) == made
    assert put_together(base, made, base) == made
