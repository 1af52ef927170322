"""The first way in: a one-time sign-in link for the owner of the installation."""

from program.database import close_pool, open_pool
from program.installation.queries import machine_now
from program.settings import Settings
from program.sign_in.actions import owner_link


async def owner_link_line(settings: Settings) -> str:
    """A new link, in a sentence for the terminal."""
    await open_pool(settings.database_url, most=1)
    try:
        token = await owner_link(secret=settings.secret, at=machine_now())
    finally:
        await close_pool()
    return f"The owner signs in here, once: {settings.address}/sign-in/{token}"
