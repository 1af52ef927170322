"""People at work over HTTP: each does one thing after the other, and sends a form again until it is answered, as a browser would."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.survival.scene import PASSWORD, Scene

ANSWERS_WITHIN_SECONDS = 30.0
BETWEEN_TRIES_SECONDS = 0.2
SIGN_INS_AT_MOST = 4
"""Of each person: in a quarter of an hour `program.sign_in` bears a few more, but counts those that are sent again."""


class Unexpected(AssertionError):  # noqa: N818 -- a statement
    """An answer that no outage explains."""


@dataclass
class Deed:
    """Something that somebody did. `mark` is found in what is stored; `of` is how many rows bear it."""

    kind: str
    mark: str
    of: int = 1
    acknowledged: bool = False


@dataclass
class Journal:
    """All that was done, and what it took: `tries` counts forms sent, `outages` answers and connections that failed."""

    deeds: list[Deed] = field(default_factory=list)
    tries: int = 0
    outages: int = 0

    def begun(self, kind: str, mark: str, of: int = 1) -> Deed:
        self.deeds.append(Deed(kind, mark, of))
        return self.deeds[-1]


class Visitor:
    """One person with a browser. What they began they bring to its end; `chosen` decides what they do next."""

    def __init__(
        self, address: str, email: str, scene: Scene, journal: Journal, chosen: random.Random
    ) -> None:
        self.email, self.scene, self.journal, self.chosen = email, scene, journal, chosen
        self.client = httpx.AsyncClient(base_url=address, timeout=ANSWERS_WITHIN_SECONDS)
        self._count = self._sign_ins = 0

    async def sign_in(self) -> None:
        self._sign_ins += 1
        await self.open("/sign-in")
        answer = await self.send("/sign-in", {"email": self.email, "password": PASSWORD})
        if "pilotage_session" not in self.client.cookies:
            raise Unexpected(f"nobody is signed in after {answer.status_code}")

    async def sign_out(self) -> None:
        await self.send("/sign-out", {})

    async def open(self, path: str) -> httpx.Response:
        """A page, asked for again until it comes."""
        return await self._until_answered(lambda: self.client.get(path), 200)

    async def send(self, path: str, values: dict[str, Any], files: Any = None) -> httpx.Response:
        """A form, under one key however often it is sent."""
        sent = {"form_key": str(uuid4()), "_csrf_token": self.client.cookies["pilotage_csrf"], **values}
        return await self._until_answered(lambda: self._sent(path, sent, files), 303)

    async def _sent(self, path: str, sent: dict[str, Any], files: Any) -> httpx.Response:
        self.journal.tries += 1
        return await self.client.post(path, data=sent, files=files)

    async def _until_answered(
        self, ask: Callable[[], Awaitable[httpx.Response]], hoped: int
    ) -> httpx.Response:
        while True:
            try:
                answer = await ask()
            except httpx.TransportError:
                self.journal.outages += 1
            else:
                if answer.status_code == hoped and "/sign-in?" not in answer.headers.get("location", ""):
                    return answer
                if answer.status_code != 503:
                    raise Unexpected(
                        f"{answer.request.method} {answer.url.path} answered {answer.status_code}"
                    )
                self.journal.outages += 1
            await asyncio.sleep(BETWEEN_TRIES_SECONDS)

    def mark(self, kind: str) -> str:
        self._count += 1
        return f"{kind} {self._count} of {self.email}"

    async def deed(self, kind: str, mark: str, sending: Callable[[], Awaitable[Any]], of: int = 1) -> None:
        """Something done by sending a form: acknowledged once it was answered."""
        deed = self.journal.begun(kind, mark, of)
        await sending()
        deed.acknowledged = True

    async def come_again(self) -> None:
        if self._sign_ins < SIGN_INS_AT_MOST:
            await self.sign_out()
            await self.sign_in()


class Member(Visitor):
    """Logs activities, writes learnings, and brings in files."""

    async def act(self) -> None:
        deeds = (self.talk, self.post, self.learn, self.bring_file, self.look, self.come_again)
        await self.chosen.choices(deeds, (5, 5, 4, 3, 3, 0.5))[0]()

    async def look(self) -> None:
        for room in ("", "/activities", "/learnings", "/playbook"):
            await self.open(self.scene.home + room)

    async def talk(self) -> None:
        mark = self.mark("talk")
        told = {"kind": "talk", "network": "in_person", "done_on": self.day(), "text": mark}
        await self.open(f"{self.scene.home}/activities")
        await self.deed("activity", mark, lambda: self.send(f"{self.scene.home}/activities", told))

    async def post(self) -> None:
        mark = self.mark("post")
        told = {"kind": "post", "link": self.link(), "done_on": self.day(), "text": mark}
        await self.open(f"{self.scene.home}/activities/new")
        await self.deed("activity", mark, lambda: self.send(f"{self.scene.home}/activities", told))

    async def learn(self) -> None:
        mark = self.mark("lesson")
        told = {"kind": "do", "lesson": mark, "situation": "Something happened in public.", "then": "send"}
        await self.open(f"{self.scene.home}/learnings/new")
        await self.deed("learning", mark, lambda: self.send(f"{self.scene.home}/learnings", told))

    async def bring_file(self) -> None:
        """Mostly a list that is read and taken in at once; now and then one so heavy that the worker reads it, or so long
        that the worker takes it in.
        """
        lines, length = self.chosen.choices(((10, 100), (25, 45_000), (5_500, 10)), (16, 3, 1))[0]
        mark, imports = self.mark("list"), f"{self.scene.home}/activities/imports"
        told = [f"{self.day()},linkedin,post,{self.link()},{mark} {'x' * length}" for _ in range(lines)]
        content = "\n".join(["published_at,network,kind,link,text", *told]).encode()
        await self.open(imports)
        answer = await self.send(imports, {}, {"file": (f"{mark}.csv", content, "text/csv")})
        file = answer.headers["location"]
        while f"{file}/confirmation" not in (await self.open(file)).text:  # noqa: ASYNC110 -- as its page does
            await asyncio.sleep(BETWEEN_TRIES_SECONDS)
        await self.deed("list", mark, lambda: self.send(f"{file}/confirmation", {"mine": "yes"}), of=lines)

    def day(self) -> str:
        return (self.scene.started + timedelta(days=self.chosen.randrange(98))).date().isoformat()

    def link(self) -> str:
        number = 7_000_000_000_000_000_000 + self.chosen.getrandbits(60)
        return f"https://www.linkedin.com/feed/update/urn:li:share:{number}"


class Gatekeeper(Visitor):
    """Votes, with another comment each time."""

    async def act(self) -> None:
        mark, gate = self.mark("vote"), f"{self.scene.home}/gates/{self.scene.gate}"
        await self.open(gate)
        told = {"choice": "keep_shut", "comment": mark}
        await self.deed("vote", mark, lambda: self.send(f"{gate}/votes", told))


class Lead(Gatekeeper):
    """Invites people, who get a letter each; once all are invited, votes too."""

    async def act(self) -> None:
        if self.scene.to_invite:
            await self.invite(self.scene.to_invite.pop())
        else:
            await super().act()

    async def invite(self, person: UUID) -> None:
        cohort = f"{self.scene.home}/cohorts/{self.scene.cohort}"
        await self.open(cohort)
        told = {"people": str(person)}
        await self.deed("invitation", str(person), lambda: self.send(f"{cohort}/invitations", told))


@asynccontextmanager
async def under_load(address: str, scene: Scene, journal: Journal, seed: int) -> Any:
    """Everybody is signed in and at work inside; what they are at is finished before it ends."""
    people = [
        Lead(address, scene.lead, scene, journal, random.Random(f"{seed} lead")),
        Gatekeeper(address, scene.sponsor, scene, journal, random.Random(f"{seed} sponsor")),
        *(
            Member(address, email, scene, journal, random.Random(f"{seed} {number}"))
            for number, email in enumerate(scene.members)
        ),
    ]
    for person in people:
        await person.sign_in()
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for person in people:
            tasks.create_task(_work(person, enough))
        yield
        enough.set()
    for person in people:
        await person.client.aclose()


async def _work(person: Any, enough: asyncio.Event) -> None:
    while not enough.is_set():
        await person.act()
        await asyncio.sleep(person.chosen.uniform(0.05, 0.4))
