"""Those who come to the world, each with a program that calls the API for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import httpx

from program.access_tokens.rules import Scope
from tests.cast import counted_queries
from tests.web.api.caller import Caller, a_token
from tests.world import World


@dataclass(frozen=True, slots=True)
class Visitors:
    """The world, and its visitors by what they are."""

    client: httpx.AsyncClient
    world: World

    @property
    def path(self) -> str:
        return f"/api/v1/programs/{self.world.slug}"

    async def caller(self, visitor: str, scopes: Iterable[Scope] = Scope) -> Caller:
        return Caller(self.client, await a_token(UUID(self.world.ids[visitor]), scopes))


async def cost(caller: Caller, address: str) -> int:
    """How many queries a call takes that is not the first of its kind."""
    await caller.get(address)
    with counted_queries() as queries:
        await caller.get(address)
    return len(queries)
