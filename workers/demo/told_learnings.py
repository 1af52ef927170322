"""What members learned, as it stands in `voices/learnings`: who wrote it, and what became of it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from playbooks.entries.rules import EntryTopic
from playbooks.learnings.rules import Channel, Faced, LearningKind, LearningState, LearningText
from workers.demo.chance import Chance
from workers.demo.members import Member

_FOLDER = Path(__file__).with_name("voices") / "learnings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLearning:
    """A learning of the story. `entry` names what it was taken into, `note` is what the lead wrote back."""

    email: str
    on: date
    text: LearningText
    fate: LearningState
    entry: str
    note: str
    answered_on: date | None


@cache
def _told(program: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads((_FOLDER / f"{program}.toml").read_text(encoding="utf-8"))["learning"])


def learnings_of(program: str, writers: Mapping[str, Sequence[Member]]) -> tuple[ToldLearning, ...]:
    """The learnings of a program, oldest first, by people of their cohort’s `writers` whose work they tell of."""
    found = [_learning(told, writers[told["cohort"]]) for told in _told(program)]
    return tuple(sorted(found, key=lambda each: (each.on, each.text.lesson)))


def learned_for(program: str, entry: str) -> date | None:
    """The day of the last learning that an entry is made of; None where it is made of none."""
    return max((told["on"] for told in _told(program) if told.get("entry") == entry), default=None)


def _learning(told: Mapping[str, Any], writers: Sequence[Member]) -> ToldLearning:
    return ToldLearning(
        email=told.get("author") or _writer(told, writers),
        on=told["on"],
        text=LearningText(
            kind=LearningKind(told["kind"]),
            topic=EntryTopic(told["topic"]),
            lesson=told["lesson"],
            situation=told.get("situation", ""),
            conversation=told.get("conversation", ""),
            what_i_did=told.get("what_i_did", ""),
            resources=told.get("resources", ""),
            outcome=told.get("outcome", ""),
            channel=Channel(told["channel"]) if "channel" in told else None,
            faced=tuple(Faced(who) for who in told.get("faced", ())),
            named=told.get("named", False),
        ),
        fate=LearningState(told["fate"]),
        entry=told.get("entry", ""),
        note=told.get("note", ""),
        answered_on=told.get("answered_on"),
    )


def _writer(told: Mapping[str, Any], writers: Sequence[Member]) -> str:
    """One of the cohort who does such work, from such a place if it names one."""
    near = [each for each in writers if each.person.department == told["department"]]
    there = [each for each in near if told.get("region") in (None, each.person.region)]
    return Chance("writer", told["lesson"]).one_of(there or near or writers).email
