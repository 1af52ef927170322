"""What an access token is like, and how often it may be used."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program.access_tokens.rules import (
    ALPHABET,
    CALLS_COUNTED,
    SECRET_CHARACTERS,
    Allowance,
    Scope,
    allowance,
    cost_of,
    is_well_formed,
    token_of,
)
from program.access_tokens.words import days_text, scope_text

SECRETS = st.text(ALPHABET, min_size=SECRET_CHARACTERS, max_size=SECRET_CHARACTERS)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@given(SECRETS)
def test_a_token_is_recognised_by_its_form(secret: str) -> None:
    token = token_of(secret)
    assert is_well_formed(token)
    assert token.startswith("pilotage_")
    assert len(token) == 58


@given(secret=SECRETS, place=st.integers(min_value=0, max_value=57), other=st.sampled_from(ALPHABET))
def test_a_mistyped_token_is_none(secret: str, place: int, other: str) -> None:
    token = token_of(secret)
    mistyped = token[:place] + other + token[place + 1 :]
    assert is_well_formed(mistyped) == (mistyped == token)


@pytest.mark.parametrize("text", ["", "pilotage_", "x" * 58, "pilotage_" + "é" * 49, token_of("a" * 42)])
def test_what_is_no_token_is_not_looked_for(text: str) -> None:
    assert not is_well_formed(text)


def test_a_call_that_writes_costs_as_much_as_ten_that_read() -> None:
    assert [cost_of(method) for method in ("GET", "HEAD", "POST", "DELETE")] == [1, 1, 10, 10]


def test_what_is_left_of_an_allowance_begins_anew_after_a_minute() -> None:
    at = NOON + timedelta(seconds=12.4)
    assert allowance(1, NOON, at) == Allowance(CALLS_COUNTED - 1, 48, exceeded=False)


def test_the_last_call_of_an_allowance_is_answered_and_the_next_is_not() -> None:
    assert allowance(CALLS_COUNTED, NOON, NOON) == Allowance(0, 60, exceeded=False)
    assert allowance(CALLS_COUNTED + 10, NOON, NOON) == Allowance(0, 60, exceeded=True)


def test_an_allowance_never_begins_anew_in_no_time() -> None:
    assert allowance(700, NOON, NOON + timedelta(seconds=60)).anew_in_seconds == 1


def test_every_scope_says_what_it_allows() -> None:
    assert len({scope_text(scope) for scope in Scope}) == len(Scope)
    assert days_text(7) == "7 days"
