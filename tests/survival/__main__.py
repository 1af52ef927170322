"""`make kills`: sixty kills and more under load, on our PostgreSQL and, where there is one, on this machine's own."""

import asyncio
import os
import random
import sys
import tempfile
from pathlib import Path

from tests.survival.product import SYSTEM_POSTGRES
from tests.survival.trial import told, tried

KILLS = 62
EVERY_SECONDS = (1.0, 4.0)
MOST_SECONDS = 300


async def _main() -> int:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    servers: list[tuple[str, Path | None]] = [("the embedded PostgreSQL", None)]
    if (SYSTEM_POSTGRES / "postgres").exists():
        servers.append(("this machine’s PostgreSQL 15", SYSTEM_POSTGRES))
    wrong = 0
    for name, binaries in servers:
        sys.stdout.write(f"== Kills on {name}, SEED={seed}\n")
        with tempfile.TemporaryDirectory(prefix="pilotage-kills-") as folder:
            Path(folder).chmod(0o755)  # noqa: ASYNC240 -- before anything runs
            async with asyncio.timeout(MOST_SECONDS):
                outcome = await tried(
                    Path(folder) / "trial", seed=seed, kills=KILLS, every=EVERY_SECONDS, binaries=binaries
                )
        sys.stdout.write(told(outcome) + "\n")
        if outcome.verdict.wrong or outcome.exit_code:
            sys.stdout.writelines(outcome.said)
        wrong += len(outcome.verdict.wrong) + (outcome.exit_code != 0)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
