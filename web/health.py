"""Is this process alive?"""

from litestar import get
from litestar.enums import MediaType

from web.visit import ANYONE, may


@get("/health/live", opt=may(ANYONE), media_type=MediaType.TEXT)
async def live() -> str:
    """Answers as long as the process serves requests and reaches its database."""
    return "alive"


HANDLERS = (live,)
