"""Answers in which order the draft is read once an entry or a chapter is moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Way(StrEnum):
    """Towards the beginning of the playbook, or towards its end."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands; one that was withdrawn keeps its place, though nobody sees it there."""

    entry: UUID
    chapter: str
    withdrawn: bool = False


Order = tuple[Place, ...]


def in_order(places: Iterable[Place]) -> Order:
    """The places chapter by chapter; a chapter stands where its first entry does."""
    chapters: dict[str, list[Place]] = {}
    for place in places:
        chapters.setdefault(place.chapter, []).append(place)
    return tuple(place for chapter in chapters.values() for place in chapter)


def with_entry_moved(order: Order, entry: UUID, way: Way) -> Order:
    """The entry changes places with its neighbour; from the edge of its chapter it steps into the one beside it."""
    own = next(place for place in order if place.entry == entry)
    seen = [place for place in order if not place.withdrawn]
    index = seen.index(own) + (-1 if way is Way.UP else 1)
    if not 0 <= index < len(seen):
        return order
    neighbour = seen[index]
    others = [place for place in order if place.entry != entry]
    before = (way is Way.UP) is (neighbour.chapter == own.chapter)
    at = others.index(neighbour) + (0 if before else 1)
    return (*others[:at], replace(own, chapter=neighbour.chapter), *others[at:])


def with_entry_in(order: Order, entry: UUID, chapter: str) -> Order:
    """The entry stands at the end of a chapter, which is the last one where it is new."""
    own = next(place for place in order if place.entry == entry)
    return in_order([*(place for place in order if place.entry != entry), replace(own, chapter=chapter)])


def with_chapter_moved(order: Order, chapter: str, way: Way) -> Order:
    """The chapter changes places with the one beside it; the first does not go up, nor the last down."""
    seen = list(dict.fromkeys(place.chapter for place in order if not place.withdrawn))
    index = seen.index(chapter) + (-1 if way is Way.UP else 1)
    if not 0 <= index < len(seen):
        return order
    names = [name for name in dict.fromkeys(place.chapter for place in order) if name != chapter]
    names.insert(names.index(seen[index]) + (0 if way is Way.UP else 1), chapter)
    return tuple(place for name in names for place in order if place.chapter == name)


def chapters_in(order: Sequence[Place]) -> tuple[str, ...]:
    """The chapters that readers of the draft see."""
    return tuple(dict.fromkeys(place.chapter for place in order if not place.withdrawn))
