"""What a letter is made of, and what it is once it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A delivery with what its words need; `program_name` and `program_slug` are empty where no program is concerned."""

    id: UUID
    letter: str
    facts: Mapping[str, Any]
    name: str
    email: str
    locale: str
    program_name: str
    program_slug: str


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as its reader gets it."""

    subject: str
    text: str
