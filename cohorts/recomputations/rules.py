"""What a recomputation from the raw data can find to be kept as something else."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a reading consists of; `lacking` names what a measure of the whole program lacks."""

    numerator: int
    denominator: int
    people: int
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDiffers:
    """A reading over the days [from_on, until_on); of the whole program where `cohort` is empty.

    None stands where nothing is kept, and where there is nothing that could have been read.
    """

    program: str
    cohort: str
    measure: str
    from_on: date
    until_on: date
    kept: Figures | None
    found: Figures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a member did in a month: activities without reactions, conversations among them, and reactions."""

    activities: int
    conversations: int
    reactions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMonthDiffers:
    """What is counted for a member’s month over the days [from_on, until_on), and what their activities come to."""

    program: str
    cohort: str
    member: str
    from_on: date
    until_on: date
    kept: Done
    found: Done


@dataclass(frozen=True, slots=True, kw_only=True)
class InAnotherMonth:
    """An activity of a member is counted in a month in which its day does not lie."""

    program: str
    cohort: str
    member: str
    done_on: date
    from_on: date
    until_on: date


Difference = ReadingDiffers | MemberMonthDiffers | InAnotherMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """A part of what is kept, recomputed: so many rows of it, those that differ, and how far all of it has come."""

    program: str
    cohort: str
    done: int
    of: int
    rows: int
    differences: tuple[Difference, ...]
