"""What happened to the plans of tracks, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import gettext as _

EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "track_laid_out": lambda facts: _("laid out the track “%(track)s”") % facts,
}
