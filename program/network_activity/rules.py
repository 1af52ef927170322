"""Answers whether somebody is active on networks, and by whose word."""

from dataclasses import dataclass
from enum import StrEnum


class HowOften(StrEnum):
    NEVER = "never"
    MONTHLY = "monthly"
    WEEKLY = "weekly"
    DAILY = "daily"


class SaidBy(StrEnum):
    """Whose word it is; a file that came without a name counts as nobody's."""

    ONESELF = "oneself"
    MANAGER = "manager"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkActivity:
    """What is known of it; None where nobody said, which is not the same as “not active”."""

    networks: tuple[str, ...] | None = None
    how_often: str | None = None
    said_by: SaidBy | None = None

    @property
    def active(self) -> bool | None:
        """None where it is not known."""
        if self.how_often == HowOften.NEVER:
            return False
        return True if self.how_often or self.networks else None

    @property
    def often(self) -> bool:
        """At least about once a week."""
        return self.how_often in (HowOften.WEEKLY, HowOften.DAILY)
