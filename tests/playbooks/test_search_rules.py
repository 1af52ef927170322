import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.search.rules import HIT_BEGINS, HIT_ENDS, LONGEST_QUESTION, Asked, Piece, pieces, what_is_asked


@pytest.mark.parametrize(
    ("typed", "whole", "beginning"),
    [
        ("", "", ""),
        ("journ", "", "journ"),
        ("  angry   crit", "angry", "crit"),
        ("May I name a customer?", "May I name a customer?", ""),
        ('"angry cri', '"angry cri', ""),
        ("“angry critics” fa", '"angry critics"', "fa"),
        ('"angry critics"', '"angry critics"', ""),
        ("critics -trolls", "critics -trolls", ""),
        ("critics or", "critics or", ""),
        ("don’t", "", "don't"),
        ("e-mai", "", "e-mai"),
        ("'' --", "'' --", ""),
        ("a\0b", "", "ab"),
    ],
)
def test_the_last_word_may_be_unfinished(typed: str, whole: str, beginning: str) -> None:
    assert what_is_asked(typed) == Asked(whole, beginning)


def test_what_is_far_too_long_is_cut() -> None:
    asked = what_is_asked("word " * 500)
    assert len(asked.whole) + len(asked.beginning) <= LONGEST_QUESTION


@given(st.text(max_size=60))
def test_whatever_is_typed_is_asked_somehow(typed: str) -> None:
    asked = what_is_asked(typed)
    assert "\0" not in asked.whole + asked.beginning


def test_a_marked_text_is_taken_apart() -> None:
    assert pieces(f"Ask a {HIT_BEGINS}journalist{HIT_ENDS} first") == (
        Piece("Ask a ", hit=False),
        Piece("journalist", hit=True),
        Piece(" first", hit=False),
    )
    assert pieces("") == ()
    assert pieces(f"{HIT_ENDS}a{HIT_BEGINS}") == (Piece("a", hit=False),)
