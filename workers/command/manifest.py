"""What a backup says of itself, so that a restored one can be proved to be the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

FILE, DUMP, SECRET = "manifest.json", "database.dump", "secret"
FORMAT = 1
CHUNK_BYTES = 1_000_000


class BackupTrouble(Exception):  # noqa: N818 -- its words are shown as they are
    """A backup cannot be made, read or restored; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds at one moment: rows by table, heads of chains as “number hash”, and migrations as
    “floor name”.
    """

    rows: Mapping[str, int]
    chains: Mapping[str, str]
    migrations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`files` has the SHA-256 of each file beside it."""

    version: str
    made_at: datetime
    server: str
    contents: Contents
    files: Mapping[str, str]


async def contents_of(connection: asyncpg.Connection) -> Contents:
    """What the database of this connection holds, as its transaction sees it."""
    tables = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    rows = {
        table["tablename"]: await connection.fetchval(f'SELECT count(*) FROM public."{table["tablename"]}"')
        for table in tables
    }
    heads = await connection.fetch("SELECT id, number, hash FROM public.chain ORDER BY id")
    migrations = await connection.fetch("SELECT app_name, name FROM public.migration ORDER BY name, app_name")
    return Contents(
        rows=rows,
        chains={str(head["id"]): f"{head['number']} {head['hash'].hex()}" for head in heads},
        migrations=tuple(f"{row['app_name']} {row['name']}" for row in migrations),
    )


def write(manifest: Manifest, folder: Path) -> None:
    told = asdict(manifest) | {"format": FORMAT, "made_at": manifest.made_at.isoformat()}
    (folder / FILE).write_text(json.dumps(told, indent=2) + "\n")


def read(folder: Path) -> Manifest:
    """The manifest of a backup, once every file that it names was found to be whole. Raises `BackupTrouble`."""
    try:
        told = json.loads((folder / FILE).read_text())
    except OSError as error:
        found = sorted(path.parent.name for path in folder.glob(f"*/{FILE}")) if folder.is_dir() else []
        hint = f" The newest backup in it is {folder / found[-1]}." if found else ""
        raise BackupTrouble(
            f"{folder} holds no backup of Pilotage ({error.strerror}: {FILE}).{hint}"
        ) from None
    except ValueError:
        raise BackupTrouble(f"{folder / FILE} is damaged: it cannot be read.") from None
    manifest = _manifest(told, folder)
    for name, digest in manifest.files.items():
        if not (folder / name).is_file():
            raise BackupTrouble(f"{folder / name} is missing, so this backup is not whole.")
        if digest_of(folder / name) != digest:
            raise BackupTrouble(f"{folder / name} is damaged: it is not what was backed up (SHA-256).")
    return manifest


def _manifest(told: Any, folder: Path) -> Manifest:
    try:
        if told["format"] > FORMAT:
            raise BackupTrouble(
                f"The backup in {folder} was made by a newer version of Pilotage ({told['version']}). "
                "Restore it with that version."
            )
        contents = told["contents"]
        return Manifest(
            version=told["version"],
            made_at=datetime.fromisoformat(told["made_at"]),
            server=told["server"],
            contents=Contents(
                rows=contents["rows"],
                chains=contents["chains"],
                migrations=tuple(contents["migrations"]),
            ),
            files={str(name): told["files"][name] for name in (DUMP, SECRET)},
        )
    except (LookupError, TypeError, ValueError):
        raise BackupTrouble(f"{folder / FILE} is damaged: something is missing in it.") from None


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
