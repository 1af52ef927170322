"""What is said of the installation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from program.words import gettext as _
from program.words import moment_text


def _clock_moved(facts: Mapping[str, Any]) -> str:
    return _("moved the clock to %(moment)s") % {"moment": moment_text(datetime.fromisoformat(facts["to"]))}


def _restored(facts: Mapping[str, Any]) -> str:
    told = {"moment": moment_text(datetime.fromisoformat(facts["made_at"]))}
    return _("restored everything from the backup of %(moment)s") % told


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "clock_moved": _clock_moved,
    "installation_restored": _restored,
}
