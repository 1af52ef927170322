"""What moving the clock comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What lies in the time that was skipped last. Without `swept`, what follows from it is still being brought about."""

    swept: bool
    months: int
    certificates: int
    letters: int
