"""Playing a scenario: an answer at a time, back to try another way, until it comes out well."""

import json
from datetime import date, datetime
from uuid import UUID

from playbooks.scenarios.queries import ScenarioPage, scenario_page
from playbooks.scenarios.rules import Ending, NoSuchAnswerError, conversation_after
from playbooks.tracks.actions import TrackIsLocked, complete_module
from playbooks.tracks.queries import track_of
from program.database import execute, new_id, transaction
from program.events.actions import record
from program.refusals import NotFound, Refusal
from program.words import gettext as _


class WentOnElsewhere(Refusal):
    """The conversation stands elsewhere than where this answer was given: it went on in another tab."""

    def sentence(self) -> str:
        return _("This conversation went on in another tab. Here is where it stands now.")


async def say(
    place: int,
    module: UUID,
    *,
    number: int,
    after: int,
    track: UUID,
    program: UUID,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """In the try of that number, after so many answers, the one at this place. The first answer begins the first try.

    Said before in the same place, it stays as it is; refused with `WentOnElsewhere` where the conversation is not there any
    more. An ending that holds completes the module.
    """
    async with transaction():
        played = await _played(module, track, program, by=by, now=now, today=today)
        if played.number == number and played.choices[after : after + 1] == (place,):
            return
        if played.number != number or played.ending or after != len(played.choices):
            raise WentOnElsewhere
        choices = (*played.choices, place)
        try:
            here = conversation_after(played.scenario, choices).now
        except NoSuchAnswerError as none:
            raise NotFound from none
        ending = here if isinstance(here, Ending) else None
        await execute(
            "INSERT INTO scenario_run (id, module, person, number, choices, begun_at, ended_at, held)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (module, person, number)"
            " DO UPDATE SET choices = excluded.choices, ended_at = excluded.ended_at, held = excluded.held",
            new_id(),
            module,
            by,
            number,
            json.dumps(choices),
            now,
            now if ending else None,
            ending.held if ending else None,
        )
        if ending and ending.held and await complete_module(module, by=by, now=now):
            await record(
                "scenario_held",
                program=program,
                by=by,
                at=now,
                about=by,
                subject=module,
                facts={"track": played.track.name, "scenario": played.title},
            )


async def go_back(
    module: UUID,
    *,
    number: int,
    to: int,
    track: UUID,
    program: UUID,
    by: UUID,
    now: datetime,
    today: date,
) -> None:
    """Back to where only the first `to` answers were given, to try another way: in the same try, or, after its end, in the
    next one. Done before, it stays as it is.
    """
    async with transaction():
        played = await _played(module, track, program, by=by, now=now, today=today)
        if played.number != number or to >= len(played.choices):
            return
        kept = json.dumps(played.choices[:to])
        if played.ending:
            await execute(
                "INSERT INTO scenario_run (id, module, person, number, choices, begun_at) VALUES ($1, $2, $3, $4, $5, $6)",
                new_id(),
                module,
                by,
                number + 1,
                kept,
                now,
            )
        else:
            await execute(
                "UPDATE scenario_run SET choices = $4 WHERE module = $1 AND person = $2 AND number = $3",
                module,
                by,
                number,
                kept,
            )


async def _played(
    module: UUID, track: UUID, program: UUID, *, by: UUID, now: datetime, today: date
) -> ScenarioPage:
    """One at a time goes on in a track, in however many tabs it is open."""
    await execute("SELECT FROM beginning WHERE track = $1 AND person = $2 FOR UPDATE", track, by)
    own = await track_of(by, program, track, today=today, now=now)
    page = await scenario_page(module, person=by, own=own)
    if own.lock:
        raise TrackIsLocked(own.lock, today)
    return page
