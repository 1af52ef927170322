"""What happened to the chapters of the draft, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _

EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "entry_moved": lambda _facts: _("moved an entry of the playbook’s draft"),
    "chapter_moved": lambda facts: _("moved the chapter “%(chapter)s” of the playbook’s draft") % facts,
    "chapter_renamed": lambda facts: _("renamed the chapter “%(before)s” to “%(chapter)s”") % facts,
}
