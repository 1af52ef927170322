from datetime import UTC, datetime, timedelta

import pytest

from cohorts.invitations.rules import INVITATION_LASTS, InvitationFacts, InvitationState, invitation_state

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def an_invitation(*, answer: str | None = None, withdrawn_at: datetime | None = None) -> InvitationFacts:
    return InvitationFacts(answer=answer, withdrawn_at=withdrawn_at, expires_at=NOW + INVITATION_LASTS)


def test_an_invitation_is_open_up_to_the_moment_it_expires() -> None:
    invitation = an_invitation()
    assert invitation_state(invitation, NOW) is InvitationState.OPEN
    assert invitation_state(invitation, NOW + INVITATION_LASTS - timedelta(seconds=1)) is InvitationState.OPEN
    assert invitation_state(invitation, NOW + INVITATION_LASTS) is InvitationState.EXPIRED


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_an_answer_stays_also_when_the_invitation_would_have_expired(answer: str) -> None:
    long_after = NOW + 2 * INVITATION_LASTS
    assert invitation_state(an_invitation(answer=answer), long_after) is InvitationState(answer)


def test_a_withdrawn_invitation_stays_withdrawn() -> None:
    invitation = an_invitation(withdrawn_at=NOW)
    assert invitation_state(invitation, NOW) is InvitationState.WITHDRAWN
    assert invitation_state(invitation, NOW + 2 * INVITATION_LASTS) is InvitationState.WITHDRAWN
