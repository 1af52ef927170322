"""A scenario of a track, as the person who plays it sees it."""

import json
from dataclasses import dataclass
from uuid import UUID

from playbooks.scenarios.rules import (
    Conversation,
    Ending,
    Scenario,
    conversation_after,
    longest_way,
    scenario_of,
)
from playbooks.tracks.own_tracks import OwnTrack, TrackModule
from playbooks.tracks.rules import ModuleKind
from program.database import fetch_row
from program.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPage:
    """A scenario where its person's newest try stands, or before the first; `number` counts tries from 1.

    `title` and `body` are those of the entry that it practises, `longest` is the most answers that lead to an end.
    """

    track: OwnTrack
    module: TrackModule
    title: str
    body: str
    scenario: Scenario
    number: int
    conversation: Conversation
    longest: int

    @property
    def choices(self) -> tuple[int, ...]:
        return tuple(said.place for said in self.conversation.said)

    @property
    def ending(self) -> Ending | None:
        now = self.conversation.now
        return now if isinstance(now, Ending) else None


async def scenario_page(module: UUID, *, person: UUID, own: OwnTrack) -> ScenarioPage:
    """A scenario of a track that the person began, in the edition they began it with; else `NotFound`."""
    found = next((each for each in own.modules if each.id == module), None)
    if own.begun_at is None or found is None or found.kind is not ModuleKind.SCENARIO:
        raise NotFound
    row = await fetch_row(
        "SELECT n.title, n.body, n.scenario, r.number, r.choices"
        " FROM module_entry e JOIN edition_entry n ON n.id = e.edition_entry"
        " LEFT JOIN LATERAL (SELECT number, choices FROM scenario_run WHERE module = e.module AND person = $2"
        "  ORDER BY number DESC LIMIT 1) r ON true WHERE e.module = $1",
        module,
        person,
    )
    if row is None:
        raise NotFound
    scenario = scenario_of(json.loads(row["scenario"]))
    return ScenarioPage(
        track=own,
        module=found,
        title=row["title"],
        body=row["body"],
        scenario=scenario,
        number=row["number"] or 1,
        conversation=conversation_after(scenario, json.loads(row["choices"] or "[]")),
        longest=longest_way(scenario),
    )
