"""What is said of entries that are looked after."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _

EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "entry_verified": lambda _facts: _("found that an entry of the playbook still holds"),
    "entry_given_to": lambda _facts: _("said who looks after an entry of the playbook"),
}
