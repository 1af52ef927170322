"""Gates as JSON, for scripts: told as over the API, with the names of their cohorts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import to_builtins

from cohorts.gates.queries import GatePage, Inside
from cohorts.gates.told import gate_told, inside_told
from program.programs.queries import ProgramLine


def gates_told(program: ProgramLine, pages: Sequence[GatePage], today: date) -> dict[str, Any]:
    """All the gates of a program, in the order of its rollout."""
    return {
        "program": program.slug,
        "name": program.name,
        "today": today.isoformat(),
        "gates": [
            {
                **to_builtins(gate_told(page, today)),
                "inside": _inside(page.inside, today) if page.inside else None,
            }
            for page in pages
        ],
    }


def _inside(inside: Inside, today: date) -> dict[str, Any]:
    told: dict[str, Any] = to_builtins(inside_told(inside, today))
    for strip, cohort in zip(told["cohorts"], inside.cohorts, strict=True):
        strip["name"] = cohort.name
    return told
