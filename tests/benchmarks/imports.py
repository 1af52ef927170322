"""Taking in a member's file of activities, in a process of its own, beside COPY of the activities that came of it."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

import asyncpg

from cohorts.activity_imports.actions import confirm, send_file
from cohorts.activity_imports.confirmed import take_in_next
from cohorts.activity_imports.reading import read_next
from cohorts.activity_imports.rules import PIECE_BYTES
from program.database import execute, fetch, new_id, open_pool, transaction
from program.installation.queries import machine_now
from program.settings import Settings
from tests.benchmarks import measures
from tests.benchmarks.company import Company
from tests.cast import a_form
from tests.cohorts.files import own_csv, tweet, x_archive

FEW_ROWS, ROWS = 25_000, 100_000
FIRST_ID, STEP = 10**18, 10**12
COLUMNS = "id, cohort, enrolment, kind, network, post_id, link, text, done_on, done_at, month, logged_at"


async def activity_import_lines(company: Company, settings: Settings) -> list[measures.Line]:
    """A small and a large file of a list of one's own, then an X archive; the anchor is COPY into a table like theirs."""
    await open_pool(settings.database_url)
    await _consent(company)
    lines, peaks = [], {}
    for turn, (what, rows, written) in enumerate(
        (
            (f"Importing {FEW_ROWS:,} activities, own CSV", FEW_ROWS, _csv),
            (f"Importing {ROWS:,} activities, own CSV", ROWS, _csv),
            ("  as an X archive", ROWS, _archive),
        )
    ):
        file = await _sent(written(rows, FIRST_ID + turn * STEP, company), company)
        took = json.loads(await asyncio.to_thread(_in_a_process, settings, company, file))
        copied = min([await _copied(rows) for _ in range(3)])
        whole = took["read"] + took["kept"]
        peaks[what] = took["most_mb"]
        lines.append(
            measures.Line(
                what,
                f"{whole:.2f} s (read {took['read']:.2f}, kept {took['kept']:.2f})",
                f"{copied:.2f} s COPY of the same rows",
                f"{copied / whole:.2f}",
                "≥ 0.35 (gentler: 0.2)" if rows == ROWS else "",
            )
        )
    few, many, archive = peaks.values()
    grown = f"{few:.0f} MB for {FEW_ROWS:,}"
    lines.append(
        measures.Line(
            "  memory of its process at most",
            f"{many:.0f} MB for {ROWS:,}",
            grown,
            f"{many / few:.2f} ×",
            "flat",
        )
    )
    lines.append(measures.Line("", f"{archive:.0f} MB as an X archive", grown, f"{archive / few:.2f} ×"))
    return lines


async def _consent(company: Company) -> None:
    account = new_id()
    await execute(
        "INSERT INTO social_account (id, person, network, handle, stance, disclosure, added_at)"
        " VALUES ($1, $2, 'x', 'robin', 'personal', 'I work at Example.', now())",
        account,
        company.member,
    )
    await execute(
        "INSERT INTO consent (id, account, program, from_on, given_at) VALUES ($1, $2, $3, $4, now())",
        new_id(),
        account,
        company.program,
        company.started,
    )


def _moments(rows: int, company: Company) -> list[datetime]:
    """Evenly over the tracked time."""
    first = datetime.combine(company.started + timedelta(days=1), time_of_day(), UTC)
    last = datetime.combine(company.today - timedelta(days=1), time_of_day(), UTC)
    return [first + (last - first) * number / rows for number in range(rows)]


def _text(number: int) -> str:
    return f"Number {number} of what I learned from a customer who was angry, and then was not any more."


def _csv(rows: int, first: int, company: Company) -> bytes:
    return own_csv(
        *(
            {
                "published_at": at.strftime("%Y-%m-%d %H:%M:%S"),
                "network": "x",
                "kind": "post",
                "link": f"https://x.com/robin/status/{first + number}",
                "text": _text(number),
                "impressions": str(number % 5_000),
            }
            for number, at in enumerate(_moments(rows, company))
        )
    )


def _archive(rows: int, first: int, company: Company) -> bytes:
    return x_archive(
        *(
            tweet(first + number, at.strftime("%a %b %d %H:%M:%S +0000 %Y"), _text(number))
            for number, at in enumerate(_moments(rows, company))
        )
    )


async def _sent(content: bytes, company: Company) -> UUID:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), PIECE_BYTES):
            yield content[start : start + PIECE_BYTES]

    return await send_file(
        pieces(),
        file_name="file",
        program=company.program,
        by=company.member,
        now=machine_now(),
        sent=a_form(),
    )


def _in_a_process(settings: Settings, company: Company, file: UUID) -> str:
    asked = [str(file), str(company.program), str(company.member)]
    with NamedTemporaryFile("w+") as told:
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.imports", *asked],
            env=os.environ | {"DATABASE_URL": settings.database_url},
            check=True,
            stdout=told,
        )
        told.seek(0)
        return told.read()


async def _copied(rows: int) -> float:
    """The seconds that COPY of the newest activities takes."""
    newest: list[asyncpg.Record] = await fetch(
        f"SELECT {COLUMNS} FROM activity WHERE network = 'x' ORDER BY logged_at DESC LIMIT $1", rows
    )
    async with transaction() as connection:
        await execute("CREATE TABLE activity_again (LIKE activity INCLUDING ALL)")
        await execute(
            "ALTER TABLE activity_again ADD FOREIGN KEY (cohort, enrolment) REFERENCES enrolment (cohort, id)"
        )
        begun = time.perf_counter()
        await connection.copy_records_to_table("activity_again", records=newest, columns=COLUMNS.split(", "))
        seconds = time.perf_counter() - begun
        await execute("DROP TABLE activity_again")
    return seconds


async def _take_in(file: UUID, program: UUID, person: UUID) -> None:
    """In the process of its own: what it took, and by how much its memory grew at most."""
    await open_pool(os.environ["DATABASE_URL"], most=4)
    await fetch("SELECT 1")
    now = machine_now()
    begun = time.perf_counter()
    await read_next(now, only=file)
    read = time.perf_counter() - begun
    await confirm(file, mine=True, reactions=True, program=program, by=person, now=now)
    await take_in_next(now)
    kept = time.perf_counter() - begun - read
    print(json.dumps({"read": read, "kept": kept, "most_mb": _highest_mb()}))  # noqa: T201


def _highest_mb() -> float:
    """The most memory that this process ever had; what its parent had before it began is not in it."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    asyncio.run(_take_in(*map(UUID, sys.argv[1:])))
