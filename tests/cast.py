"""The cast that tests play with, and a browser that they play in."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import httpx

from playbooks.editions.actions import publish
from playbooks.entries.rules import EntryTopic
from playbooks.starting_set.actions import make_program
from program.database import DB, execute, fetch_value, new_id, transaction
from program.form_keys.actions import Sent
from program.installation.queries import machine_now
from program.programs.actions import list_people
from program.roles.actions import grant_role
from program.roles.rules import Role
from program.sign_in.actions import begin_session
from web.visit import SESSION_COOKIE

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


async def a_person(name: str = "Ada Lovelace", **columns: Any) -> UUID:
    """Somebody in the company, in no program yet."""
    id = new_id()
    email = columns.pop("email", f"{name.lower().replace(' ', '.')}.{id.hex[-12:]}@example.com")
    names = ["id", "email", "name", "made_at", *columns]
    values = [id, email, name, NOON, *columns.values()]
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await execute(f"INSERT INTO person ({', '.join(names)}) VALUES ({places})", *values)
    return id


async def an_owner(name: str = "Olga Owner") -> UUID:
    person = await a_person(name)
    await execute("INSERT INTO owner (id, person, since_at) VALUES ($1, $2, $3)", new_id(), person, NOON)
    return person


async def a_program(
    owner: UUID, name: str = "Employee voices", now: datetime = NOON, *, lacking: EntryTopic | None = None
) -> UUID:
    """A program as its owner makes it, with all that it starts with and edition 0; the owner leads it.

    `lacking` is a topic that edition 0 does not cover, so that a gate waits for it.
    """
    program = await a_new_program(owner, name, now)
    if lacking:
        await execute(
            "UPDATE entry SET withdrawn_at = $3 WHERE program = $1 AND topic = $2",
            program,
            lacking.value,
            now,
        )
    await publish(
        program,
        "The starting set: what we already know.",
        by=owner,
        now=now,
        today=now.date(),
        sent=a_form(),
    )
    return program


async def a_new_program(owner: UUID, name: str = "Employee voices", now: datetime = NOON) -> UUID:
    """A program before its set-up: nothing of its playbook is published."""
    slug = await make_program(
        name, purpose="To be heard as ourselves.", zone="Europe/Berlin", by=owner, now=now, sent=a_form()
    )
    program: UUID = await fetch_value("SELECT id FROM program WHERE slug = $1", slug)
    return program


async def a_listed_person(program: UUID, by: UUID, name: str, **columns: Any) -> UUID:
    person = await a_person(name, **columns)
    async with transaction():
        await list_people(program, [person], by=by, now=NOON)
    return person


async def a_person_with(role: Role, program: UUID, by: UUID, name: str) -> UUID:
    person = await a_listed_person(program, by, name)
    await grant_role(role, program=program, to=person, by=by, now=NOON)
    return person


def a_form(told: str = "") -> Sent:
    """A form that was never sent before."""
    return Sent.of(uuid4(), told.encode())


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The SQL that runs inside, on any connection of the pool."""
    seen: list[str] = []

    def note(query: Any) -> None:
        seen.append(query.query)

    holders = [holder for holder in DB.pool._holders if holder._con is not None]  # type: ignore[union-attr]
    for holder in holders:
        holder._con.add_query_logger(note)
    try:
        yield seen
    finally:
        for holder in holders:
            holder._con.remove_query_logger(note)


class _Forms(HTMLParser):
    """The forms of a page: where they go, and the values that stand in them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.forms.append({"action": told.get("action", ""), "values": {}})
        elif tag == "input" and self.forms and told.get("type") == "hidden" and told.get("name"):
            self.forms[-1]["values"][told["name"]] = told.get("value") or ""


class Browser:
    """A person at the application: cookies, forms with their hidden fields, and the answer to look at."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.answer: httpx.Response | None = None

    async def sign_in(self, person: UUID) -> None:
        async with transaction():
            token = await begin_session(person, machine_now())
        self.client.cookies.set(SESSION_COOKIE, token)

    def sign_out(self) -> None:
        self.client.cookies.clear()

    async def get(self, path: str) -> httpx.Response:
        self.answer = await self.client.get(path, follow_redirects=False)
        return self.answer

    async def post(
        self,
        path: str,
        values: Mapping[str, Any] | None = None,
        *,
        on: str | None = None,
        files: Any = None,
        form_key: str | None = None,
    ) -> httpx.Response:
        """Send a form. With `on`, the page that holds it is opened first and its hidden fields are sent along."""
        hidden = await self._hidden(on, path) if on else {"form_key": str(uuid4())}
        token = self.client.cookies.get("pilotage_csrf")
        if token is None:
            await self.client.get("/sign-in")
            token = self.client.cookies.get("pilotage_csrf")
        sent = {**hidden, "_csrf_token": token, **(values or {})}
        if form_key is not None:
            sent["form_key"] = form_key
        self.answer = await self.client.post(path, data=sent, files=files, follow_redirects=False)
        return self.answer

    async def _hidden(self, page: str, action: str) -> dict[str, str]:
        answer = await self.client.get(page)
        found = _Forms()
        found.feed(answer.text)
        for form in found.forms:
            if form["action"] == action:
                return dict(form["values"])
        raise AssertionError(f"{page} has no form that goes to {action}")


def words_of(html: str) -> str:
    """The text of a page in one line, without its tags."""
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.DOTALL))
    ).strip()
