"""Is the record of what happened whole?"""

from program.database import close_pool, open_pool
from program.events.queries import broken_chains
from program.settings import Settings


async def broken_chain_lines(settings: Settings) -> list[str]:
    """A line for each chain of events that is not whole, naming it and the first event that does not fit."""
    await open_pool(settings.database_url, most=1)
    try:
        return [
            f"Chain {broken.chain} is broken at event {broken.number}: it was changed, moved or removed."
            for broken in await broken_chains()
        ]
    finally:
        await close_pool()
