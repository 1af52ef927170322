"""The items of a JSON array, one by one, however long the array.

Streaming parsers keep the path to where they are, which a file of nested brackets alone makes fill the memory; here one
item at a time is parsed whole, and one that is too long or too deep is none.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from cohorts.activity_files.lines import text_in
from cohorts.activity_files.parts import Part
from cohorts.activity_files.rules import NotUnderstood, Trouble, Unreadable, Why, not_understood

LONGEST_ITEM = 4_000_000
MOST_BROKEN_ITEMS = 1_000
_SAID = 1_000
_READ_AT_ONCE = 1 << 16
_LONGEST_BEGINNING = 1 << 16
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)


def items_in(
    part: Part, before: re.Pattern[str], item_begins: re.Pattern[str]
) -> Iterator[Any | NotUnderstood]:
    """The items of the array that follows what `before` matches; of one that is no JSON, why.

    Reading goes on where the next one begins. Raises Unreadable where not even the first item can be found, or where
    hardly any is whole.
    """
    with text_in(part) as text:
        buffer = text.read(_READ_AT_ONCE)
        began = before.search(buffer[:_LONGEST_BEGINNING])
        if began is None:
            raise Unreadable(Trouble.NOT_JSON, part.name)
        items = _Items(text, buffer, began.end(), item_begins)
        first = True
        for item in items:
            if first and isinstance(item, NotUnderstood) and items.ended:
                raise Unreadable(Trouble.NOT_JSON, part.name)
            first = False
            yield item
        if not items.ended:
            raise Unreadable(Trouble.NOT_JSON, part.name)


class _Items:
    def __init__(self, text: TextIO, buffer: str, at: int, item_begins: re.Pattern[str]) -> None:
        self.ended = False
        self._text = text
        self._buffer = buffer
        self._at = at
        self._item_begins = item_begins
        self._all_read = False
        self._broken_so_far = 0

    def __iter__(self) -> Iterator[Any | NotUnderstood]:
        decode = _DECODER.raw_decode
        while not self.ended and self._broken_so_far < MOST_BROKEN_ITEMS:
            between = _BETWEEN.match(self._buffer, self._at)
            self._at = between.end() if between else self._at
            if self._buffer.startswith("]", self._at):
                self.ended = True
                return
            try:
                item, self._at = decode(self._buffer, self._at)
            except RecursionError:
                self.ended = True
                yield self._not_understood(Why.NOT_JSON)
            except ValueError:
                if (broken := self._broken()) is not None:
                    self._broken_so_far += 1
                    yield broken
            else:
                yield item

    def _broken(self) -> NotUnderstood | None:
        """What is wrong with the item here; None where the rest of it has just been read."""
        following = self._item_begins.search(self._buffer, self._at + 1)
        if following is None and not self._all_read and len(self._buffer) - self._at < LONGEST_ITEM:
            rest = self._buffer[self._at :]
            more = self._text.read(max(_READ_AT_ONCE, len(rest)))
            self._all_read = not more
            self._buffer, self._at = rest + more, 0
            return None
        broken = self._not_understood(Why.NOT_JSON if following or not self._all_read else Why.CUT_OFF)
        self.ended = following is None
        self._at = following.start() if following else len(self._buffer)
        return broken

    def _not_understood(self, why: Why) -> NotUnderstood:
        return not_understood(0, "", why, self._buffer[self._at : self._at + _SAID])
