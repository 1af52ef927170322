"""Choosing the letters that one gets, and getting those only."""

import pytest

from program.database import fetch, fetch_value, transaction
from program.events.actions import Letter, record
from program.letters.actions import choose_letters
from program.letters.rules import LetterKind
from program.letters.words import letter_kind_text
from tests.cast import NOON, a_person

pytestmark = pytest.mark.usefixtures("database")


async def test_a_letter_of_a_kind_that_was_turned_off_is_never_written() -> None:
    ada, bo = await a_person("Ada Lovelace"), await a_person("Bo Lind")
    await choose_letters(ada, {LetterKind.GATES, LetterKind.TRAINING}, now=NOON)
    names = ("learning_accepted", "gate_opened", "sign_in_link")
    letters = [Letter(to=to, letter=letter, facts={"n": letter}) for to in (ada, bo) for letter in names]
    async with transaction():
        await record("something_done", program=None, by=bo, at=NOON, letters=letters)
    kept = await fetch("SELECT recipient, letter, facts ->> 'n' AS told FROM delivery")
    assert {(row["recipient"], row["letter"]) for row in kept} == {
        (ada, "gate_opened"),
        (ada, "sign_in_link"),
        *((bo, letter) for letter in names),
    }
    assert all(row["letter"] == row["told"] for row in kept)


async def test_what_was_turned_off_can_be_turned_on_again() -> None:
    ada = await a_person()
    await choose_letters(ada, set(), now=NOON)
    assert await fetch_value("SELECT letters_unwanted FROM person WHERE id = $1", ada) == list(LetterKind)
    await choose_letters(ada, set(LetterKind), now=NOON)
    assert await fetch_value("SELECT letters_unwanted FROM person WHERE id = $1", ada) == []
    assert await fetch_value("SELECT count(*) FROM event WHERE name = 'letters_chosen' AND by = $1", ada) == 2


def test_every_kind_is_called_something() -> None:
    assert len({letter_kind_text(kind) for kind in LetterKind}) == len(LetterKind)
