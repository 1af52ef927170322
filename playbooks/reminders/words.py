"""What is said of reminders."""

from collections.abc import Callable, Mapping
from typing import Any

from program.words import ngettext, number_text

Facts = Mapping[str, Any]


def _reminded(facts: Facts) -> str:
    count = facts["people"]
    return ngettext(
        "reminded %(count)s person of what is due", "reminded %(count)s people of what is due", count
    ) % {"count": number_text(count)}


EVENTS: Mapping[str, Callable[[Facts], str]] = {"reminded": _reminded}
