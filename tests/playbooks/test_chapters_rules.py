from uuid import UUID

import pytest

from playbooks.chapters.rules import (
    Order,
    Place,
    Way,
    chapters_in,
    with_chapter_moved,
    with_entry_in,
    with_entry_moved,
)

A1, A2, B1, B2, C1 = (UUID(int=number) for number in range(1, 6))
NAMES = {A1: "a1", A2: "a2", B1: "b1", B2: "b2", C1: "c1"}
ORDER: Order = (Place(A1, "A"), Place(A2, "A"), Place(B1, "B"), Place(B2, "B"), Place(C1, "C"))


def told(order: Order) -> str:
    return " ".join(f"{place.chapter}:{NAMES[place.entry]}" for place in order)


def without(*entries: UUID) -> Order:
    return tuple(Place(place.entry, place.chapter, place.entry in entries) for place in ORDER)


@pytest.mark.parametrize(
    ("entry", "way", "after"),
    [
        (A2, Way.UP, "A:a2 A:a1 B:b1 B:b2 C:c1"),
        (A1, Way.DOWN, "A:a2 A:a1 B:b1 B:b2 C:c1"),
        (B1, Way.UP, "A:a1 A:a2 A:b1 B:b2 C:c1"),
        (B2, Way.DOWN, "A:a1 A:a2 B:b1 C:b2 C:c1"),
        (C1, Way.UP, "A:a1 A:a2 B:b1 B:b2 B:c1"),
    ],
)
def test_an_entry_changes_places_or_steps_into_the_chapter_beside(entry: UUID, way: Way, after: str) -> None:
    assert told(with_entry_moved(ORDER, entry, way)) == after


def test_the_first_entry_does_not_go_up_nor_the_last_down() -> None:
    assert with_entry_moved(ORDER, A1, Way.UP) == ORDER
    assert with_entry_moved(ORDER, C1, Way.DOWN) == ORDER


def test_an_entry_goes_past_those_that_nobody_sees() -> None:
    assert told(with_entry_moved(without(A2), B1, Way.UP)) == "A:a1 A:b1 A:a2 B:b2 C:c1"
    assert told(with_entry_moved(without(B1), A2, Way.DOWN)) == "A:a1 B:b1 B:a2 B:b2 C:c1"


def test_an_entry_goes_to_the_end_of_another_chapter_or_begins_a_new_one() -> None:
    assert told(with_entry_in(ORDER, A1, "B")) == "A:a2 B:b1 B:b2 B:a1 C:c1"
    assert told(with_entry_in(ORDER, A1, "D")) == "A:a2 B:b1 B:b2 C:c1 D:a1"


def test_a_chapter_changes_places_with_the_one_beside_it() -> None:
    assert told(with_chapter_moved(ORDER, "B", Way.UP)) == "B:b1 B:b2 A:a1 A:a2 C:c1"
    assert told(with_chapter_moved(ORDER, "B", Way.DOWN)) == "A:a1 A:a2 C:c1 B:b1 B:b2"
    assert with_chapter_moved(ORDER, "A", Way.UP) == ORDER
    assert with_chapter_moved(ORDER, "C", Way.DOWN) == ORDER


def test_a_chapter_goes_past_one_that_nobody_sees() -> None:
    assert told(with_chapter_moved(without(B1, B2), "C", Way.UP)) == "C:c1 A:a1 A:a2 B:b1 B:b2"


def test_readers_see_the_chapters_that_have_an_entry() -> None:
    assert chapters_in(without(B1, B2)) == ("A", "C")
