"""What happened to what an entry says, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _

EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "entry_restored": lambda facts: (
        _("brought back revision %(revision)s of an entry of the playbook’s draft") % facts
    ),
}
