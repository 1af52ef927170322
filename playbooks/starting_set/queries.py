"""Edition 0 as it comes with the program: the starting set of do's and don'ts, and the track that teaches it."""

from functools import cache
from pathlib import Path

from playbooks.starting_set.rules import StarterTrack, StartingEntry, chapter_entries, starter_track_of

_HERE = Path(__file__).resolve().parent


@cache
def starting_set() -> tuple[StartingEntry, ...]:
    """Its entries, chapter by chapter."""
    chapters = sorted(_HERE.glob("[0-9]-*.md"))
    return tuple(
        entry for chapter in chapters for entry in chapter_entries(chapter.read_text(encoding="utf-8"))
    )


@cache
def starter_track() -> StarterTrack:
    return starter_track_of((_HERE / "starter_track.md").read_text(encoding="utf-8"))
