from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program.social_accounts.rules import (
    Account,
    AddressIsNoLink,
    DisclosureUnfinished,
    HandleMissing,
    Network,
    Stance,
    TooEarly,
    account_bars,
    consent_bar,
    first_day,
    is_link,
    plain_handle,
)

TODAY = date(2026, 6, 1)
ACCOUNT = Account(
    network=Network.LINKEDIN,
    handle="@ada",
    address="https://www.linkedin.com/in/ada",
    stance=Stance.PERSONAL,
    disclosure="I work at Example; what I say here is my own view.",
)


def test_a_well_described_account_is_fit() -> None:
    assert account_bars(ACCOUNT) == ()
    assert account_bars(replace(ACCOUNT, address="")) == ()


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = replace(ACCOUNT, handle=" @ ", address="ada", disclosure="I work at …")
    assert account_bars(wrong) == (HandleMissing(), AddressIsNoLink(), DisclosureUnfinished())


@pytest.mark.parametrize("disclosure", ["", "  ", "I work at …", "I work at ..."])
def test_a_disclosure_line_must_be_finished(disclosure: str) -> None:
    assert account_bars(replace(ACCOUNT, disclosure=disclosure)) == (DisclosureUnfinished(),)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.com",
        "https://",
        "//example.com",
        "https://a b.com",
        "http://[::1",
    ],
)
def test_an_address_that_is_no_link_of_the_web_is_none(address: str) -> None:
    assert not is_link(address)


def test_a_handle_is_kept_without_its_at() -> None:
    assert plain_handle(" @ada ") == "ada"
    assert plain_handle("ada@mastodon.social") == "ada@mastodon.social"


def test_before_tracking_consent_begins_today_at_the_earliest() -> None:
    assert first_day(tracking_start=None, today=TODAY) == TODAY
    assert consent_bar(TODAY, tracking_start=None, today=TODAY) is None
    yesterday = TODAY - timedelta(days=1)
    assert consent_bar(yesterday, tracking_start=None, today=TODAY) == TooEarly(TODAY, tracking_start=False)


@given(days=st.integers(0, 400), before=st.integers(1, 400))
def test_consent_never_reaches_back_before_the_tracking_start(days: int, before: int) -> None:
    start = TODAY - timedelta(days=days)
    assert consent_bar(start, tracking_start=start, today=TODAY) is None
    early = start - timedelta(days=before)
    assert consent_bar(early, tracking_start=start, today=TODAY) == TooEarly(start, tracking_start=True)
