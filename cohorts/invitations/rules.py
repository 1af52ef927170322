"""Answers whether an invitation can still be answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

INVITATION = "invitation"
INVITATION_LASTS = timedelta(days=30)


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts:
    """`answer` is “accepted” or “declined”, once there is one."""

    answer: str | None
    withdrawn_at: datetime | None
    expires_at: datetime


def invitation_state(invitation: InvitationFacts, now: datetime) -> InvitationState:
    """An answer stays what it was, also when the invitation would have expired since."""
    if invitation.answer is not None:
        return InvitationState(invitation.answer)
    if invitation.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if now < invitation.expires_at else InvitationState.EXPIRED
