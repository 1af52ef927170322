"""Which column of a file holds what: found by the headings, whatever their order, language or case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from program.people.rules import ColumnsMissing, Field, HeaderNotFound
from program.people.vocabulary import Meaning, NamePart, meaning_of

LINES_SEARCHED_FOR_A_HEADER = 20
_NEEDED = (Field.EMAIL, Field.NAME)
_MOST_TEXTS_SHOWN = 12
_LONGEST_TEXT_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A filled line of a file, counted from 1; a record of several lines bears the number of its first.

    When its quotation marks do not match, `readable` is False and the one cell is the whole line.
    """

    number: int
    ends_on: int
    cells: Sequence[str]
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The header of a file: where it stands and which columns hold what. A name may stand in two: first, last."""

    line: Line
    places: Mapping[Field, tuple[int, ...]]

    @property
    def headings(self) -> tuple[str, ...]:
        headings = tuple(" ".join(cell.split()) for cell in self.line.cells)
        width = max((place + 1 for place, heading in enumerate(headings) if heading), default=0)
        return headings[:width]

    @property
    def recognised(self) -> tuple[tuple[str, Field], ...]:
        """Each heading that was understood, with what its column holds, in the order of the file."""
        meanings = {place: field for field, places in self.places.items() for place in places}
        return tuple((self.headings[place], meanings[place]) for place in sorted(meanings))

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of the columns that are left out."""
        used = {place for places in self.places.values() for place in places}
        return tuple(heading for place, heading in enumerate(self.headings) if heading and place not in used)

    @property
    def missing(self) -> tuple[Field, ...]:
        return tuple(field for field in _NEEDED if field not in self.places)

    @property
    def likeness(self) -> tuple[bool, bool, int, int]:
        """How much this line looks like a header; compare with that of another line."""
        return not self.missing, Field.EMAIL in self.places, len(self.places), len(self.headings)


def columns_among(lines: Iterable[Line]) -> Columns | None:
    """Answer the columns by the likeliest header among the first lines, if there are any; titles may stand above it."""
    searched = islice(lines, LINES_SEARCHED_FOR_A_HEADER)
    return max(map(_columns_by, searched), key=lambda columns: columns.likeness, default=None)


def what_the_header_lacks(columns: Columns) -> HeaderNotFound | ColumnsMissing | None:
    """Answer what keeps these columns from being read as a list of people."""
    if not columns.missing:
        return None
    seen = tuple(heading[:_LONGEST_TEXT_SHOWN] for heading in columns.headings if heading)[:_MOST_TEXTS_SHOWN]
    if Field.EMAIL in columns.places or len(columns.places) > 1:
        return ColumnsMissing(columns.line.number, columns.missing, seen)
    return HeaderNotFound(seen)


def _columns_by(line: Line) -> Columns:
    best: dict[Meaning, tuple[int, int]] = {}
    for place, cell in enumerate(line.cells):
        if found := meaning_of(cell):
            meaning, rank = found
            best[meaning] = min(best.get(meaning, (rank, place)), (rank, place))
    places: dict[Field, tuple[int, ...]] = {
        meaning: (place,) for meaning, (_, place) in best.items() if isinstance(meaning, Field)
    }
    if name := _places_of_the_name({meaning: place for meaning, (_, place) in best.items()}):
        places[Field.NAME] = name
    return Columns(line=line, places=places)


def _places_of_the_name(place: Mapping[Meaning, int]) -> tuple[int, ...]:
    first = place.get(NamePart.FIRST)
    last = place.get(NamePart.LAST, place.get(NamePart.PLAIN))
    if first is not None and last is not None:
        return first, last
    whole = place.get(NamePart.WHOLE, place.get(NamePart.PLAIN))
    return () if whole is None else (whole,)
