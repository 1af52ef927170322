"""A list of activities as it is sent: every place in it that has the wrong shape, or what it says."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from cohorts.activities.rules import LONGEST_LINK, Kind, Network
from cohorts.activity_files.rules import Measured
from cohorts.activity_lists.rules import MOST_ITEMS, Item
from program.words import figure_text
from program.words import gettext as _
from web.api.bodies import LARGEST_WHOLE, escaped
from web.api.problems import Kind as ProblemKind
from web.api.problems import Problem, Wrong

LONGEST_WORDS = 50_000
MOST_TOLD = 100
FIGURES = ("impressions", "reactions", "comments", "shares", "clicks")
FIELDS = ("kind", "network", "link", "text", "done_on", "done_at", *FIGURES, "apart")
_EARLIEST, _LATEST = 2000, 2999
_Choice = TypeVar("_Choice", bound=StrEnum)
_When = TypeVar("_When", date, datetime)


def items_in(body: Any) -> list[Item]:
    """What the list says. Raises `Problem` with all that has the wrong shape, or with the first of very much."""
    wrong: list[Wrong] = []
    items = [_Sent(told, f"/activities/{place}", wrong).item() for place, told in enumerate(_list(body))]
    if wrong:
        raise Problem(ProblemKind.INVALID, errors=wrong[:MOST_TOLD])
    return items


def _list(body: Any) -> list[Any]:
    told = body.get("activities") if isinstance(body, dict) else None
    if not isinstance(told, list) or len(body) != 1:
        wrong = Wrong(detail=_("Send an object with nothing but the list “activities”."), pointer="")
    elif not 1 <= len(told) <= MOST_ITEMS:
        detail = _("Send at least one activity, and at most %(most)s at once.")
        wrong = Wrong(detail=detail % {"most": figure_text(MOST_ITEMS)}, pointer="/activities")
    else:
        return told
    raise Problem(ProblemKind.INVALID, errors=[wrong])


class _Sent:
    """One activity as it was sent; what is wrong with it is added to a list."""

    def __init__(self, told: Any, pointer: str, wrong: list[Wrong]) -> None:
        self.told: Mapping[str, Any] = told if isinstance(told, dict) else {}
        self.pointer, self.wrong = pointer, wrong
        if not isinstance(told, dict):
            wrong.append(Wrong(detail=_("An activity is an object."), pointer=pointer))
        wrong.extend(
            Wrong(detail=_("There is no such field."), pointer=f"{pointer}/{escaped(name)}")
            for name in self.told
            if name not in FIELDS
        )

    def item(self) -> Item:
        """A moment so far away that zones cannot be told there stands for its day."""
        done_on, done_at = self._day(), self._moment()
        if done_at and not _EARLIEST <= done_at.year <= _LATEST:
            done_on, done_at = done_at.date(), None
        return Item(
            kind=self._choice("kind", Kind),
            network=self._choice("network", Network),
            link=self._text("link", LONGEST_LINK),
            text=self._text("text", LONGEST_WORDS),
            done_on=done_on,
            done_at=done_at,
            measured=Measured(**{name: self._count(name) for name in FIGURES}),
            apart=self._yes("apart"),
        )

    def _refuse(self, name: str, detail: str) -> None:
        self.wrong.append(Wrong(detail=detail, pointer=f"{self.pointer}/{name}"))

    def _choice(self, name: str, choices: type[_Choice]) -> _Choice | None:
        if name not in self.told:
            return None
        value = self.told[name]
        if isinstance(value, str) and value in list(choices):
            return choices(value)
        self._refuse(name, _("This is one of: %(choices)s.") % {"choices": ", ".join(choices)})
        return None

    def _text(self, name: str, longest: int) -> str:
        value = self.told.get(name, "")
        if isinstance(value, str) and len(value) <= longest:
            return value
        told = {"longest": figure_text(longest)}
        self._refuse(name, _("This is a text of at most %(longest)s characters.") % told)
        return ""

    def _day(self) -> date | None:
        return self._read("done_on", date, _("This is a day, such as 2027-01-14."))

    def _moment(self) -> datetime | None:
        sentence = _("This is a moment with its zone, such as 2027-01-14T09:30:00Z.")
        found = self._read("done_at", datetime, sentence)
        if found is None or found.tzinfo is not None:
            return found
        self._refuse("done_at", sentence)
        return None

    def _read(self, name: str, kind: type[_When], sentence: str) -> _When | None:
        if name not in self.told:
            return None
        try:
            return msgspec.convert(self.told[name], type=kind)
        except msgspec.ValidationError:
            self._refuse(name, sentence)
        return None

    def _count(self, name: str) -> int | None:
        if name not in self.told:
            return None
        value = self.told[name]
        whole = isinstance(value, float) and value.is_integer()
        if (whole or type(value) is int) and 0 <= value <= LARGEST_WHOLE:
            return int(value)
        self._refuse(name, _("This is a whole number, 0 or more; leave out what was not measured."))
        return None

    def _yes(self, name: str) -> bool:
        value = self.told.get(name, False)
        if isinstance(value, bool):
            return value
        self._refuse(name, _("This is true or false."))
        return False
