"""Who sees what, held against the table of the domain; and cells that no spreadsheet runs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.own_data.rules import BEGINS_A_FORMULA, WHO_SEES, Audience, Noun, Sight, safe_cell
from playbooks.own_data.words import audience_text, noun_text, sight_text, who_does_not, who_sees

# “Who sees what”, word for word as the domain has it.
TABLE = """
| noun | oneself | own cohort | coach | lead | reviewer | sponsor | others in the program |
|---|---|---|---|---|---|---|---|
| activity, own figures | all | – | own cohort, named | named | – | totals | – |
| cohort figures | yes | yes | yes | yes | totals | totals | totals |
| learning: draft | yes | – | – | – | – | – | – |
| learning: submitted, accepted | yes | yes, named if the author agreed | yes | yes | – | – | as entries of an edition |
| entry draft | – | pilot: yes | yes | yes | – | – | – |
| edition | yes | yes | yes | yes | yes | yes | yes |
| track, progress, attempts | own | – | progress | progress | – | totals | – |
| certificate | own | – | yes | yes | yes | totals | public page if the person allows |
| gate, criteria, month strip | yes | yes | yes | yes | yes | yes | state and forecast |
| votes, decision | – | outcome and reason | outcome | all | all | all | outcome |
| incident | reported by me | – | – | that it is open, how grave | all | that a grave one is open | – |
| events | own | – | – | program | program | – | – |
"""


def domain_table() -> dict[str, dict[str, str]]:
    head, _rule, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.strip().splitlines()
    ]
    return {noun: dict(zip(head[1:], cells, strict=True)) for noun, *cells in rows}


def test_who_sees_what_is_the_table_of_the_domain() -> None:
    told = {
        noun.value: {audience.value: sight.value for audience, sight in sights.items()}
        for noun, sights in WHO_SEES.items()
    }
    assert told == domain_table()


def named_in(who: str) -> list[str]:
    """Whom the words before “:” name."""
    if who == "everybody in the program":
        return [audience_text(audience) for audience in Audience]
    return re.split(", | and ", who)


@pytest.mark.parametrize("noun", Noun)
def test_of_each_noun_everybody_is_told_either_what_they_see_or_that_they_do_not(noun: Noun) -> None:
    told = {name: what for who, what in who_sees(noun) for name in named_in(who)}
    assert not set(told) & set(who_does_not(noun))
    told |= dict.fromkeys(who_does_not(noun), sight_text(Sight.NOTHING))
    assert told == {audience_text(who): sight_text(sight) for who, sight in WHO_SEES[noun].items()}


def test_nothing_is_called_like_something_else() -> None:
    assert len({noun_text(noun) for noun in Noun}) == len(Noun)
    assert len({audience_text(audience) for audience in Audience}) == len(Audience)
    assert len({sight_text(sight) for sight in Sight}) == len(Sight)


@given(st.text())
def test_no_cell_begins_a_formula_and_none_loses_a_letter(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(BEGINS_A_FORMULA)
    assert cell in (text, f"'{text}")
    assert (cell == text) != text.startswith(BEGINS_A_FORMULA)
