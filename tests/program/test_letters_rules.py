"""Which letters somebody can do without."""

import pytest

from program.letters.rules import ALWAYS_SENT, OF_A_KIND, LetterKind, kind_of


@pytest.mark.parametrize("letter", sorted(ALWAYS_SENT))
def test_nobody_turns_off_what_lets_them_in_or_gives_them_a_part(letter: str) -> None:
    assert kind_of(letter) is None


@pytest.mark.parametrize("kind", LetterKind)
def test_every_other_letter_is_of_the_kind_that_it_is_about(kind: LetterKind) -> None:
    assert {kind_of(letter) for letter in OF_A_KIND[kind]} == {kind}


def test_a_letter_is_of_one_kind_or_always_sent() -> None:
    every = [letter for letters in (*OF_A_KIND.values(), ALWAYS_SENT) for letter in letters]
    assert len(every) == len(set(every))
