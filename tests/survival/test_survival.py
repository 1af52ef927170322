"""A short trial of what `make kills` tries at length: parts of the real product die under load, and nothing is lost."""

import os
from pathlib import Path

from tests.survival.product import SYSTEM_POSTGRES
from tests.survival.trial import told, tried

SEED, KILLS = 4, 10
EVERY_SECONDS = (0.4, 1.6)


async def test_whatever_is_killed_what_was_acknowledged_is_stored_once(tmp_path: Path) -> None:
    binaries = SYSTEM_POSTGRES if os.environ.get("PILOTAGE_TEST_POSTGRES") == "system" else None
    outcome = await tried(tmp_path, seed=SEED, kills=KILLS, every=EVERY_SECONDS, binaries=binaries)
    assert outcome.verdict.wrong == [], told(outcome)
    assert outcome.exit_code == 0
    assert min(outcome.kills.values()) == 2
    assert {"activity", "learning", "vote", "invitation"} <= set(outcome.verdict.acknowledged)
