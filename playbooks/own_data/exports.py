"""All of a person's data in a program, row by row, as JSON and as a ZIP of CSV files; memory stays flat."""

import csv
import json
import zipfile
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from io import RawIOBase, StringIO
from typing import Any
from uuid import UUID

from piccolo.columns import JSONB

from playbooks.own_data.portions import LEFT_OUT, PORTIONS, Portion
from playbooks.own_data.rules import safe_cell
from playbooks.own_data.words import why_left_out
from program.database import fetch
from program.words import gettext as _

ROWS_AT_A_TIME = 500
UTF8_MARK = "\ufeff"


async def json_export(person: UUID, program: UUID, *, name: str, at: datetime) -> AsyncIterator[bytes]:
    """One object: what it is, what is left out and why, and a list of rows for each table that has some or could."""
    left_out = {table: why_left_out(table) for table in LEFT_OUT}
    head = {"program": name, "exported_at": at.isoformat(), "left_out": left_out}
    yield (_json(head)[:-1] + ",\n").encode()
    for number, portion in enumerate(PORTIONS):
        yield (",\n" if number else "").encode() + f"{_json(portion.name)}: [".encode()
        before = "\n  "
        async for rows in _rows_of(portion, person=person, program=program):
            yield (before + ",\n  ".join(_json(row) for row in rows)).encode()
            before = ",\n  "
        yield b"]"
    yield b"\n}\n"


async def csv_export(person: UUID, program: UUID, *, name: str, at: datetime) -> AsyncIterator[bytes]:
    """A ZIP with a CSV file for each table, in UTF-8 with its mark, and a text that says what each is."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("read-me.txt", at), _read_me(name, at))
        for portion in PORTIONS:
            with archive.open(_entry(f"{portion.name}.csv", at), "w") as entry:
                entry.write((UTF8_MARK + _lines([portion.heads])).encode())
                async for rows in _rows_of(portion, person=person, program=program):
                    entry.write(_lines([_cells(row, portion) for row in rows]).encode())
                    yield pipe.taken()
    yield pipe.taken()


async def _rows_of(
    portion: Portion, *, person: UUID, program: UUID
) -> AsyncIterator[list[Mapping[str, Any]]]:
    """Every row of a portion, oldest first, a few hundred at a time."""
    told = "".join(f', {sql} AS "{name}"' for name, sql in portion.told.items())
    columns = ", ".join(f't."{column}"' for column in portion.columns)
    sql = (
        f"SELECT {columns}{told} FROM {portion.name} t WHERE {portion.where}"
        " AND ($3::uuid IS NULL OR t.id > $3) ORDER BY t.id LIMIT $4"
    )
    documents = _documents(portion)
    last: UUID | None = None
    while rows := await fetch(sql, person, program, last, ROWS_AT_A_TIME):
        yield [{**row, **{name: _read(row[name]) for name in documents}} for row in rows]
        last = rows[-1]["id"]


def _documents(portion: Portion) -> list[str]:
    kinds = portion.table._meta.columns  # noqa: SLF001 -- Piccolo tells its columns there
    return [
        column._meta.name  # noqa: SLF001
        for column in kinds
        if isinstance(column, JSONB) and column._meta.name in portion.columns  # noqa: SLF001
    ]


def _read(document: str | None) -> Any:
    return None if document is None else json.loads(document)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _cells(row: Mapping[str, Any], portion: Portion) -> list[str]:
    return [_cell(row[head]) for head in portion.heads]


def _cell(value: object) -> str:
    """Empty for what is not known; figures as they are; whatever people wrote, safe to open in a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return safe_cell("; ".join(value))
    if isinstance(value, dict | list):
        return _json(value)
    return safe_cell(value) if isinstance(value, str) else _plain(value)


def _lines(rows: list[Any]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _read_me(name: str, at: datetime) -> str:
    moment = f"{at:%Y-%m-%d %H:%M} UTC"
    lines = [
        _("All that “%(program)s” keeps about you, as of %(moment)s.") % {"program": name, "moment": moment},
        "",
        _("Each file is a table; a line is a row, an empty cell is something that is not known."),
        _("Times are in UTC. A cell that would begin a formula has an apostrophe before it."),
        "",
        _("Not in here, and why:"),
        *(f"- {table}: {why_left_out(table)}" for table in LEFT_OUT),
        "",
    ]
    return "\r\n".join(lines)


class _Pipe(RawIOBase):
    """What the archive writes, until it is taken to be sent on."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, octets: Any) -> int:
        self._kept += octets
        return len(octets)

    def taken(self) -> bytes:
        kept, self._kept = bytes(self._kept), bytearray()
        return kept
