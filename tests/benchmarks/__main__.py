"""`make bench`: how fast Pilotage is, as ratios to anchors that ran in the same minute. Gates nothing."""

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import uvloop
from rich.console import Console

from program.database import close_pool, open_pool
from program.settings import Settings, settings_from
from tests.benchmarks import measures
from tests.benchmarks.anchor import COHORT
from tests.benchmarks.clocks import Server, quickest_start
from tests.benchmarks.company import Company, fill, found_company
from tests.benchmarks.imports import activity_import_lines
from tests.benchmarks.searches import search_lines
from workers.command.embedded import EmbeddedPostgres
from workers.command.migrate import migrate

FEW, USUAL, MOST = 1_000, 1_000_000, 10_000_000
SECRET = "a secret that only the benchmarks know, and long enough"


def main() -> None:
    activities = _asked()
    begun = time.perf_counter()
    console = Console(width=132, highlight=False)
    home = TemporaryDirectory(prefix="pilotage-bench-")
    with home, EmbeddedPostgres(Path(home.name), for_tests=False) as postgres:
        uvloop.run(_measure(postgres, activities, console))
    console.print(f"This took {time.perf_counter() - begun:.0f} s.")


def _asked() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--activities", type=int, default=USUAL, help=f"{FEW:,} to {MOST:,}")
    asked: int = parser.parse_args().activities
    return max(FEW, min(asked, MOST))


async def _measure(postgres: EmbeddedPostgres, activities: int, console: Console) -> None:
    small, large = (_settings(postgres.url(name)) for name in ("small", "large"))
    console.print(
        f"== Making a company of 50 active members, with {FEW:,} and with {activities:,} activities"
    )
    company = await _companies(small, large, postgres.url("postgres"), activities)
    console.print("== Measuring")
    environment = {
        "DATABASE_URL": large.database_url,
        "PILOTAGE_SECRET": SECRET,
        COHORT: str(company.cohort),
    }
    first_page = measures.asking(company.at("cohorts", company.cohort), company.lead)
    ours = ("web.app:create", environment, first_page)
    anchors = ("tests.benchmarks.anchor:create", environment, measures.asking("/held"))
    starts = quickest_start(*ours), quickest_start(*anchors)
    with Server(*ours) as web, Server(*anchors) as bare:
        before = web.megabytes, bare.megabytes
        lines = [
            *await measures.page_lines(web, bare, company, large),
            *await measures.gate_lines(small, large, company, activities),
            *await measures.reading_lines(company, large),
            *await search_lines(web, company, large),
            *await measures.import_lines(company),
            *await activity_import_lines(company, large),
            *await measures.log_lines(web, company, large),
            *measures.process_lines(web, bare, starts, before),
        ]
    _print(lines, console)


async def _companies(small: Settings, large: Settings, maintenance: str, activities: int) -> Company:
    """The same company in two databases; they differ in their activities only."""
    await migrate(small)
    await open_pool(small.database_url)
    company = await found_company()
    await close_pool()
    connection = await asyncpg.connect(maintenance)
    await connection.execute("CREATE DATABASE large TEMPLATE small")
    await connection.close()
    for settings, count in ((small, FEW), (large, activities)):
        await open_pool(settings.database_url)
        await fill(company, count)
    return company


def _settings(url: str) -> Settings:
    return settings_from({"DATABASE_URL": url, "PILOTAGE_SECRET": SECRET})


def _print(lines: list[measures.Line], console: Console) -> None:
    """As a Markdown table, which reads well on a terminal and can be pasted into the README."""
    titles = measures.Line("What", "Here", "Anchor", "Ratio", "Goal")
    widths = [max(map(len, column)) for column in zip(titles, *lines, strict=True)]
    told = [titles, measures.Line(*("-" * width for width in widths)), *lines]
    for line in told:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        console.print("| " + " | ".join(cells) + " |", soft_wrap=True)
    console.print(
        f"\nMeasured on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, with the embedded PostgreSQL that syncs each commit.\n"
        f"Pages: one uvicorn process each, {measures.CONNECTIONS} connections that ask again at once, in turns of"
        f" {measures.SECONDS:g} s, the best of {measures.TURNS}.\n"
        "The client is this process and shares the cores with server and database; on a busy machine ratios waver too.\n"
        "Process time is what the server’s process spent on a page; other programs on the machine change it least.\n"
        "SQL is the time that asyncpg waits for answers, on one connection: the median of many runs, then the best turn."
    )


if __name__ == "__main__":
    main()
