"""Searching a playbook of two thousand entries, beside the time that its SQL takes."""

import random

from playbooks.starting_set.queries import starting_set
from program.database import execute, fetch_value, new_id, open_pool
from program.installation.queries import machine_now
from program.settings import Settings
from tests.benchmarks import measures
from tests.benchmarks.clocks import Server
from tests.benchmarks.company import Company

ENTRIES, CHAPTERS = 2_000, 40
WORDS_OF_A_TITLE, WORDS_OF_A_TEXT = 7, 150
TYPED = "people+answ"


async def search_lines(web: Server, company: Company, settings: Settings) -> list[measures.Line]:
    """As one types, and as a whole page; each on one connection."""
    await open_pool(settings.database_url)
    await _write_entries(company)
    path = f"{company.at('playbook', 'search')}?q={TYPED}"
    page = measures.asking(path, company.lead)
    alone = page.replace("\r\n\r\n", "\r\nHX-Request: true\r\nHX-Target: found\r\n\r\n")
    sql, trips, _ = await measures._sql_of(lambda: measures._opened(settings, company, path), settings)
    lines = []
    for what, request in (
        (f"Search of {ENTRIES:,} entries, as one types", alone),
        ("  as a whole page", page),
    ):
        load = await web.load(lambda: request, connections=1, seconds=measures.SECONDS)  # noqa: B023
        lines.append(
            measures.Line(f"{what} ({trips} trips), p50", f"{load.p50_ms:.2f} ms", f"{sql:.2f} ms its SQL",
                          f"{load.p50_ms / sql:.1f} ×", "≤ 3 ×")
        )  # fmt: skip
    return lines


async def _write_entries(company: Company) -> None:
    """An edition of its own, whose entries are told with the words of the starting set, the same at each run."""
    draw = random.Random(7)
    vocabulary = " ".join(entry.body for entry in starting_set()).split()

    def words(count: int) -> str:
        return " ".join(draw.choices(vocabulary, k=count))

    ids = [new_id() for _number in range(ENTRIES)]
    told = (
        ids,
        [f"Chapter {number % CHAPTERS}" for number in range(ENTRIES)],
        [words(WORDS_OF_A_TITLE) for _number in range(ENTRIES)],
        [f"{words(WORDS_OF_A_TEXT // 2)}\n\n{words(WORDS_OF_A_TEXT // 2)}" for _number in range(ENTRIES)],
    )
    now, edition = machine_now(), new_id()
    await execute(
        "INSERT INTO entry (id, program, chapter, position, kind, topic, title, body, revision, verified_on, made_at)"
        " SELECT t.id, $1, t.chapter, t.place + 1000, 'do', 'other', t.title, t.body, 1, $2, $3"
        " FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY"
        "  AS t (id, chapter, title, body, place)",
        company.program,
        company.today,
        now,
        *told,
    )
    number = await fetch_value("SELECT max(number) + 1 FROM edition WHERE program = $1", company.program)
    await execute(
        "INSERT INTO edition (id, program, number, what_changed, published_at, published_by)"
        " VALUES ($1, $2, $3, 'Two thousand entries.', $4, $5)",
        edition,
        company.program,
        number,
        now,
        company.owner,
    )
    await execute(
        "INSERT INTO edition_entry (id, edition, entry, position, chapter, kind, topic, title, body, revision, material)"
        " SELECT gen_random_uuid(), $1, id, position, chapter, kind, topic, title, body, revision, true"
        " FROM entry WHERE program = $2",
        edition,
        company.program,
    )
    await execute("ANALYZE entry, edition_entry")
