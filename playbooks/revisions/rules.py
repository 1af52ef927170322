"""Answers which words differ between two texts, and how what two people made of one text is put together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

MOST_TOKENS = 6_000
THOROUGH_UP_TO = 1_000_000
FEWEST_WORDS_BETWEEN = 2
_TOKEN = re.compile(r"\w+(?:[’'\-]\w+)*|\n|[^\S\n]+|[^\w\s]")


class Fate(StrEnum):
    """What became of a passage from one text to the other."""

    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Passage:
    fate: Fate
    text: str


def words_compared(before: str, after: str) -> tuple[Passage, ...]:
    """The two texts as one: what both say, what only the first said, and what only the second says, word by word.

    First line by line, then word by word within the lines that differ; a word or two that two changes have between
    them go with the changes, so that whole phrases are compared. Texts far too long are compared by lines only.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Passage] = []
    for tag, from_, to, new_from, new_to in _steps(old, new):
        gone, come = "".join(old[from_:to]), "".join(new[new_from:new_to])
        found += [Passage(Fate.KEPT, come)] if tag == "equal" else _within(gone, come)
    return _joined(found)


def put_together(base: str, mine: str, theirs: str) -> str | None:
    """What two people made of one text, with both their changes in it; None where they changed the same lines."""
    lines = base.split("\n")
    changes = sorted({*_changes(lines, mine.split("\n")), *_changes(lines, theirs.split("\n"))})
    if any(later[0] <= earlier[1] for earlier, later in pairwise(changes)):
        return None
    for start, end, said in reversed(changes):
        lines[start:end] = said
    return "\n".join(lines)


def _within(gone: str, come: str) -> list[Passage]:
    old, new = _TOKEN.findall(gone), _TOKEN.findall(come)
    if max(len(old), len(new)) > MOST_TOKENS:
        return [Passage(Fate.GONE, gone), Passage(Fate.COME, come)]
    found: list[Passage] = []
    for tag, from_, to, new_from, new_to in _phrases(_steps(old, new), old):
        if tag == "equal":
            found.append(Passage(Fate.KEPT, "".join(new[new_from:new_to])))
        else:
            found.append(Passage(Fate.GONE, "".join(old[from_:to])))
            found.append(Passage(Fate.COME, "".join(new[new_from:new_to])))
    return found


_Step = tuple[str, int, int, int, int]


def _steps(old: Sequence[str], new: Sequence[str]) -> Sequence[_Step]:
    thorough = len(old) * len(new) <= THOROUGH_UP_TO
    return SequenceMatcher(None, old, new, autojunk=not thorough).get_opcodes()


def _phrases(steps: Sequence[_Step], old: Sequence[str]) -> Iterator[_Step]:
    """The steps, with what is kept between two changes drawn into them where it is a word or two."""
    pending: _Step | None = None
    for index, step in enumerate(steps):
        tag, from_, to, new_from, new_to = step
        between = 0 < index < len(steps) - 1
        if tag == "equal" and not (between and _is_little(old[from_:to])):
            if pending:
                yield pending
            pending = None
            yield step
        elif pending:
            pending = ("replace", pending[1], to, pending[3], new_to)
        else:
            pending = ("replace", from_, to, new_from, new_to)
    if pending:
        yield pending


def _is_little(tokens: Sequence[str]) -> bool:
    words = [token for token in tokens if not token.isspace()]
    return "\n" not in tokens and len(words) < FEWEST_WORDS_BETWEEN


def _joined(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Without empty passages, and with neighbours of one fate as one."""
    found: list[Passage] = []
    for passage in passages:
        if found and found[-1].fate is passage.fate:
            found[-1] = Passage(passage.fate, found[-1].text + passage.text)
        elif passage.text:
            found.append(passage)
    return tuple(found)


def _changes(base: Sequence[str], made: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for tag, from_, to, made_from, made_to in _steps(base, made):
        if tag != "equal":
            yield from_, to, tuple(made[made_from:made_to])
