"""A process of its own that reads an XLSX from standard input and writes its rows to standard output, as CSV.

Each row is preceded by the number of its sheet and of its line. The library that reads workbooks ends its whole
process, past any exception, when a damaged or malicious file makes it ask for too much memory; here it may.
"""

import csv
import io
import resource
import sys

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY_BYTES = 2_000_000_000
MOST_ROWS_BYTES = 400_000_000
MOST_SECONDS = 60
MOST_SIGNS_OF_A_CELL = 32_767  # as in Excel

PASSWORD_NEEDED = 3
TOO_MUCH_INSIDE = 4


def main() -> int:
    """Copy the filled rows of the visible sheets; answer the exit code."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_ROWS_BYTES, MOST_ROWS_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as rows:
            copy_rows(workbook, rows)
    except PasswordError:
        return PASSWORD_NEEDED
    except (MemoryError, OSError):
        return TOO_MUCH_INSIDE
    return 0


def copy_rows(workbook: CalamineWorkbook, rows: io.TextIOBase) -> None:
    writer = csv.writer(rows)
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
            for number, cells in enumerate(workbook.get_sheet_by_name(sheet.name).iter_rows(), start=1):
                texts = [
                    cell[:MOST_SIGNS_OF_A_CELL] if isinstance(cell, str) else text_of(cell) for cell in cells
                ]
                if any(texts):
                    writer.writerow([place, number, *texts])


def text_of(cell: object) -> str:
    """Answer a number, day or truth value as text; whole numbers, which workbooks keep as fractions, without ".0"."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


if __name__ == "__main__":
    sys.exit(main())
