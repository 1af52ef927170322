"""Reads the files that members sent, and takes in what they confirmed, one after the other."""

from cohorts.activity_imports.confirmed import take_in_next
from cohorts.activity_imports.reading import read_next
from program.installation.queries import clock


async def read_next_import() -> bool:
    """Deal with the file that has waited longest: take it in if it was confirmed, else read it. False where none waits."""
    now = (await clock()).now()
    return await take_in_next(now) or await read_next(now)
