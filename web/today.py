"""Today: the one next thing for whoever comes, what else waits, and where the program stands."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from cohorts.criteria.words import capitalised
from cohorts.decisions.queries import voted_on
from cohorts.gates.queries import GateLine, gate_state_and_forecast
from cohorts.gates.rules import GateState
from cohorts.gates.words import gate_name, line_sentence
from playbooks.learnings.queries import lately_decided
from playbooks.tracks.queries import next_step
from playbooks.tracks.rules import StepKind
from playbooks.waiting.queries import waiting_for
from playbooks.waiting.rules import JOINING, Task, Waiting
from playbooks.waiting.words import task_words
from program.roles.rules import Role
from program.words import day_text
from program.words import gettext as _
from web.forms import Form
from web.pages import at, page
from web.training import ShownStep, shown_step
from web.visit import EVERYBODY_LISTED, LEARNERS, Visit, may

ROOM_OF: dict[Task, tuple[str, ...]] = {
    Task.SET_UP: ("set-up",),
    Task.LIST_PEOPLE: ("people",),
    Task.NAME_SPONSOR: ("people", "roles"),
    Task.FORM_COHORT: ("cohorts", "new"),
    Task.INVITE_PEOPLE: ("cohorts",),
    Task.START_TRACKING: ("cohorts",),
    Task.READ_LEARNINGS: ("desk",),
    Task.PUBLISH_EDITION: ("playbook", "draft"),
    Task.TICK_CHECKLIST: ("gates",),
    Task.READ_AGAIN: ("playbook", "due"),
    Task.VOTE: ("gates",),
    Task.MEET_CONDITION: ("gates",),
    Task.CLOSE_INCIDENTS: ("incidents",),
    Task.ANSWER_INVITATION: ("invitation",),
    Task.SAY_NETWORKS: ("joining", "networks"),
    Task.REGISTER_ACCOUNT: ("joining", "accounts"),
    Task.GIVE_CONSENT: ("joining", "consent"),
    Task.MEND_LEARNING: ("learnings",),
    Task.FINISH_LEARNING: ("learnings",),
    Task.LOG_ACTIVITY: ("activities", "new"),
    Task.LOG_LEARNING: ("learnings", "new"),
}
WITH_SUBJECT = frozenset(
    {Task.INVITE_PEOPLE, Task.START_TRACKING, Task.TICK_CHECKLIST, Task.VOTE, Task.MEET_CONDITION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTask:
    """Something that waits, with where it is done; `task` completes “Next: …”."""

    task: str
    why: str
    button: str
    href: str

    @property
    def title(self) -> str:
        return capitalised(self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGate:
    name: str
    sentence: str
    href: str
    opened: bool
    overridden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comes:
    """What comes next for somebody: a `step` of their training or their `first` task, and the `others` after it. A `later`
    step is shown beside a task that comes before it.
    """

    step: ShownStep | None
    first: ShownTask | None
    others: list[ShownTask]
    later: ShownStep | None

    @property
    def heading(self) -> str:
        """The one next thing in a line; empty where nothing waits."""
        if self.step or not self.first:
            step = self.step or self.later
            return step.heading if step else ""
        return _("Next: %(task)s") % {"task": self.first.task}


@get("/programs/{program:str}", opt=may(*EVERYBODY_LISTED, Role.OWNER))
async def show(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Template:
    gates = await gate_state_and_forecast(visit.program.id, today=visit.today)
    comes = await what_comes(visit, gates)
    return page(
        request,
        "today/show.html",
        day=day_text(visit.today),
        comes=comes,
        gates=[_gate(visit, gate) for gate in gates] if visit.reader.listed else [],
        news=await lately_decided(visit.reader, now=visit.now) if visit.reader.is_any(*LEARNERS) else (),
        form=Form(),
    )


async def what_comes(visit: Visit, gates: list[GateLine]) -> Comes:
    """What whoever comes to a program can do next in it."""
    waiting = await waiting_for(visit.reader, today=visit.today)
    tasks = [_shown(visit, each) for each in (*await _votes(visit, gates), *waiting)]
    step = await _own_step(visit)
    joins = any(each.task in (Task.ANSWER_INVITATION, *JOINING) for each in waiting)
    if step is not None and (not tasks or bool(step.href)) and not (joins and step.posts):
        return Comes(step=step, first=None, others=tasks, later=None)
    return Comes(step=None, first=next(iter(tasks), None), others=tasks[1:], later=step)


async def tasks_for(visit: Visit, gates: list[GateLine]) -> list[ShownTask]:
    """What waits for whoever comes, the most urgent first."""
    waiting = await waiting_for(visit.reader, today=visit.today)
    return [_shown(visit, each) for each in (*await _votes(visit, gates), *waiting)]


async def _own_step(visit: Visit) -> ShownStep | None:
    """The next step of one's training, where one is in a circle."""
    if not visit.reader.is_any(*LEARNERS):
        return None
    step = await next_step(visit.reader, today=visit.today, now=visit.now)
    if step is not None and step.kind is StepKind.LOCKED and visit.reader.is_any(Role.PILOT_MEMBER):
        return None
    return shown_step(visit, step)


async def _votes(visit: Visit, gates: list[GateLine]) -> list[Waiting]:
    """The gates that are ready and still wait for this gatekeeper's word."""
    ready = [gate.id for gate in gates if gate.state is GateState.READY]
    if not ready or not visit.reader.is_any(Role.LEAD, Role.SPONSOR):
        return []
    voted = await voted_on(ready, by=visit.reader.person)
    return [Waiting(Task.VOTE, subject=gate) for gate in ready if gate not in voted]


def _shown(visit: Visit, waiting: Waiting) -> ShownTask:
    words = task_words(waiting)
    room = at(visit, *ROOM_OF[waiting.task])
    if waiting.subject is not None:
        room += f"/{waiting.subject}" if waiting.task in WITH_SUBJECT else f"?phase={waiting.subject}"
    return ShownTask(task=words.title, why=words.why, button=words.button, href=room)


def _gate(visit: Visit, gate: GateLine) -> ShownGate:
    return ShownGate(
        name=gate_name(gate.opens_name),
        sentence=line_sentence(gate.state, gate.expected_on, waits=gate.waits, today=visit.today),
        href=at(visit, "gates", gate.id),
        opened=gate.state is GateState.OPENED,
        overridden=gate.overridden,
    )


HANDLERS = (show,)
