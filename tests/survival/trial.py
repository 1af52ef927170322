"""One trial: a product, a load on it, a killer among its parts, and a judge."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.survival.judge import Verdict, judged
from tests.survival.killer import kill_now_and_then
from tests.survival.load import Journal, under_load
from tests.survival.product import a_product
from tests.survival.scene import make_scene, within

LOSES_A_YES = ("worker", "postgres", "backend")
"""Kinds of kills that can fall between the mail server's yes and our commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    kills: Counter[str]
    journal: Journal
    verdict: Verdict
    exit_code: int
    seconds: float
    said: list[str]


async def tried(
    folder: Path, *, seed: int, kills: int, every: tuple[float, float], binaries: Path | None = None
) -> Outcome:
    """What came of it. `binaries` are those of a PostgreSQL that the product is given, rather than start its own."""
    began, journal = time.monotonic(), Journal()
    async with a_product(folder, binaries=binaries) as product:
        scene = await within(product.database_url, make_scene)
        async with under_load(product.address, scene, journal, seed):
            done = await kill_now_and_then(product, kills=kills, every=every, chosen=random.Random(seed))
        copies = sum(done[kind] for kind in LOSES_A_YES)
        verdict = await within(
            product.database_url, lambda: judged(journal, product.letterbox, copies_at_most=copies)
        )
        tree = product.supervisor.children(recursive=True)
        exit_code = await product.stop()
        left = [process.pid for process in tree if process.is_running()]
        verdict.wrong.extend(f"process {pid} was left behind" for pid in left)
    return Outcome(
        kills=done,
        journal=journal,
        verdict=verdict,
        exit_code=exit_code,
        seconds=time.monotonic() - began,
        said=product.said,
    )


def told(outcome: Outcome) -> str:
    """The figures of a trial, for people to read."""
    kills = ", ".join(f"{name} {count}" for name, count in sorted(outcome.kills.items()))
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(outcome.verdict.acknowledged.items()))
    journal, verdict = outcome.journal, outcome.verdict
    lines = [
        f"{outcome.kills.total()} kills ({kills}) in {outcome.seconds:.0f} s",
        f"{verdict.acknowledged.total()} deeds acknowledged ({kinds})",
        f"{journal.tries} forms sent, {journal.outages} answers missed",
        f"{verdict.letters} letters, {verdict.second_copies} of them twice",
        *(f"WRONG: {each}" for each in verdict.wrong),
    ]
    return "\n".join(lines)
