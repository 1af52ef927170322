"""Answers for which days a measure that time alone can change has still to be read."""

from datetime import date, timedelta

NEWEST = 120
"""How many readings of a measure are looked back at: enough for three whole months of daily ones."""


def days_to_read(newest_on: date | None, today: date) -> list[date]:
    """Today, and before it every day since the newest reading, as far back as anybody looks."""
    if newest_on is None or newest_on >= today:
        return [today]
    days = min((today - newest_on).days, NEWEST)
    return [today - timedelta(days=back) for back in reversed(range(days))]
