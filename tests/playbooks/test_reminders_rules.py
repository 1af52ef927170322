"""What somebody is reminded of: each occasion once, and never of what is past."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.reminders.rules import Due, Promise, Proof, ReminderKind, Unread, what_is_due

ADA, THING = uuid4(), uuid4()
ENDS = date(2027, 6, 1)
TODAY = date(2027, 3, 1)
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
PROMISED = (ReminderKind.CONDITION_DUE, ReminderKind.CHECKLIST_DUE)


def a_proof(issued_on: date = date(2026, 6, 1), valid_until_on: date = ENDS) -> Proof:
    return Proof(
        certificate=THING,
        person=ADA,
        track=uuid4(),
        track_name="Core",
        issued_on=issued_on,
        valid_until_on=valid_until_on,
    )


def a_promise(promised_for: date, kind: ReminderKind = ReminderKind.CONDITION_DUE) -> Promise:
    return Promise(
        kind=kind, id=THING, person=ADA, gate=uuid4(), what="Name a coach.", promised_for=promised_for
    )


def unread(count: int, told_on: date | None = None) -> Unread:
    return Unread(program=THING, person=ADA, count=count, told_on=told_on)


def told(due: Due | None) -> tuple[ReminderKind, date] | None:
    return None if due is None else (due.kind, due.due_on)


@pytest.mark.parametrize(
    ("today", "kind", "due_on"),
    [
        (date(2027, 5, 2), ReminderKind.CERTIFICATE_DUE, date(2027, 5, 2)),
        (date(2027, 5, 24), ReminderKind.CERTIFICATE_DUE, date(2027, 5, 2)),
        (date(2027, 5, 25), ReminderKind.CERTIFICATE_DUE, date(2027, 5, 25)),
        (date(2027, 5, 31), ReminderKind.CERTIFICATE_DUE, date(2027, 5, 25)),
        (date(2027, 6, 1), ReminderKind.CERTIFICATE_LAPSED, ENDS),
        (date(2028, 6, 1), ReminderKind.CERTIFICATE_LAPSED, ENDS),
    ],
)
def test_a_holder_hears_a_month_before_a_week_before_and_when_it_is_over(
    today: date, kind: ReminderKind, due_on: date
) -> None:
    assert told(what_is_due(a_proof(), today)) == (kind, due_on)


def test_nobody_hears_of_a_certificate_that_is_valid_for_long() -> None:
    assert what_is_due(a_proof(), date(2027, 5, 1)) is None


def test_a_certificate_of_a_few_days_is_due_from_its_issue_and_not_before() -> None:
    short = a_proof(issued_on=TODAY, valid_until_on=TODAY + timedelta(days=3))
    assert told(what_is_due(short, TODAY)) == (ReminderKind.CERTIFICATE_DUE, TODAY)
    assert what_is_due(short, TODAY - timedelta(days=1)) is None


@pytest.mark.parametrize("kind", PROMISED)
@pytest.mark.parametrize(
    ("days_ahead", "occasion"), [(8, None), (7, 0), (1, 0), (0, 0), (-1, 1), (-2, 1), (-300, 1)]
)
def test_who_took_something_on_hears_a_week_before_its_day_and_once_when_that_has_passed(
    kind: ReminderKind, days_ahead: int, occasion: int | None
) -> None:
    day = TODAY + timedelta(days=days_ahead)
    expected = None if occasion is None else (kind, day + timedelta(days=occasion))
    assert told(what_is_due(a_promise(day, kind), TODAY)) == expected


@pytest.mark.parametrize(
    ("count", "days_since", "due"),
    [(0, None, False), (1, None, True), (3, 0, False), (3, 6, False), (3, 7, True), (0, 70, False)],
)
def test_entries_to_read_again_are_counted_once_a_week(count: int, days_since: int | None, due: bool) -> None:
    told_on = None if days_since is None else TODAY - timedelta(days=days_since)
    expected = (ReminderKind.ENTRIES_DUE, TODAY) if due else None
    assert told(what_is_due(unread(count, told_on), TODAY)) == expected


@given(ends=DAYS, lasts=st.integers(1, 800), first=DAYS, days=st.integers(0, 120))
def test_whoever_looks_every_day_hears_of_each_occasion_once(
    ends: date, lasts: int, first: date, days: int
) -> None:
    proof = a_proof(issued_on=ends - timedelta(days=lasts), valid_until_on=ends)
    heard = [what_is_due(proof, first + timedelta(days=day)) for day in range(days)]
    keys = [told(due) for due in heard if due]
    assert len(set(keys)) <= 3
    assert keys == sorted(keys, key=lambda key: key[1] if key else first)
    assert all(due.due_on <= first + timedelta(days=day) for day, due in enumerate(heard) if due)


@given(promised_for=DAYS, today=DAYS)
def test_a_reminder_goes_to_its_person_about_its_subject(promised_for: date, today: date) -> None:
    for about in (a_promise(promised_for), a_proof(valid_until_on=promised_for), unread(1)):
        due = what_is_due(about, today)
        assert due is None or (due.person, due.subject, due.about) == (ADA, THING, about)
