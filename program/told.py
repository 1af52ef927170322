"""Values as other programs are told them, over the API and by the command."""

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is as it is: a code that never changes, and a clause in the reader’s language."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A figure with what it is made of: `value` is numerator ÷ denominator, and it stands on so many people."""

    value: float | None
    numerator: float
    denominator: float
    people: int


def moment_of(moment: datetime) -> datetime:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def number_of(value: Fraction | None) -> float | None:
    """A number as near as JSON’s readers hold it; null where nothing was measured."""
    return None if value is None else round(float(value), 6)
