"""What is said of programs."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _

EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "program_described": lambda _facts: _("said what the program is called and what it is for"),
    "program_made": lambda _facts: _("made the program"),
}
