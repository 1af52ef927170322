from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.certificates.rules import (
    CertificateFacts,
    CertificateState,
    Revoked,
    due_from_on,
    is_valid,
    state_on,
    valid_until_on,
)

ISSUED = date(2027, 1, 20)
CERTIFICATE = CertificateFacts(issued_on=ISSUED, valid_until_on=date(2028, 1, 20))
REVOKED = CertificateFacts(
    issued_on=ISSUED,
    valid_until_on=date(2028, 1, 20),
    revoked=Revoked(on=date(2027, 6, 1), reason="Issued to the wrong person"),
)


@pytest.mark.parametrize(
    ("issued_on", "months", "until_on"),
    [
        (date(2027, 1, 20), 12, date(2028, 1, 20)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_validity_runs_by_the_calendar_and_is_clipped_at_the_end_of_a_short_month(
    issued_on: date, months: int, until_on: date
) -> None:
    assert valid_until_on(issued_on, months) == until_on


def test_a_certificate_is_valid_for_twelve_months_unless_a_program_says_otherwise() -> None:
    assert valid_until_on(ISSUED) == valid_until_on(ISSUED, 12)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (ISSUED, CertificateState.VALID),
        (date(2027, 12, 20), CertificateState.VALID),
        (date(2027, 12, 21), CertificateState.DUE),
        (date(2028, 1, 19), CertificateState.DUE),
        (date(2028, 1, 20), CertificateState.LAPSED),
    ],
)
def test_a_certificate_is_due_in_its_last_thirty_days_and_lapses_on_its_last(
    today: date, state: CertificateState
) -> None:
    assert state_on(CERTIFICATE, today) is state


def test_a_certificate_of_less_than_thirty_days_is_due_from_its_issue() -> None:
    short = CertificateFacts(issued_on=ISSUED, valid_until_on=date(2027, 2, 10))
    assert due_from_on(short) == ISSUED
    assert state_on(short, ISSUED) is CertificateState.DUE


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2027, 5, 31), CertificateState.VALID),
        (date(2027, 6, 1), CertificateState.REVOKED),
        (date(2029, 1, 1), CertificateState.REVOKED),
    ],
)
def test_a_revocation_counts_from_its_day_on_and_outweighs_lapsing(
    today: date, state: CertificateState
) -> None:
    assert state_on(REVOKED, today) is state


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.integers(0, 3000))
def test_a_certificate_is_valid_exactly_from_its_issue_to_the_day_before_its_last(
    issued_on: date, months: int, days: int
) -> None:
    certificate = CertificateFacts(issued_on=issued_on, valid_until_on=valid_until_on(issued_on, months))
    today = issued_on + timedelta(days=days)
    assert is_valid(certificate, today) == (today < certificate.valid_until_on)
    assert certificate.valid_until_on.month == (issued_on.month - 1 + months) % 12 + 1
