"""What is said of the phases of a rollout."""

from cohorts.phases.rules import PhaseState
from program.words import gettext as _
from program.words import ngettext


def phase_note(state: PhaseState, cohorts: int) -> str:
    """How far a phase has come, in a word or two."""
    if state is PhaseState.CAN_BEGIN and cohorts:
        return _("forming")
    return {
        PhaseState.WAITING: _("waiting"),
        PhaseState.CAN_BEGIN: _("can begin"),
        PhaseState.PREPARING: _("preparing"),
        PhaseState.RUNNING: _("running"),
        PhaseState.PASSED: _("done"),
    }[state]


def capacity_text(capacity: int | None) -> str:
    """“12 places”."""
    if capacity is None:
        return _("Room for everybody")
    return ngettext("%(count)d place", "%(count)d places", capacity) % {"count": capacity}
