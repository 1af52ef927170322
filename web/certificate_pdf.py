"""A certificate on paper: one sheet, with a code that leads to its public page."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import segno
import typst
from markupsafe import Markup

_HERE = Path(__file__).parent
_INK = "#1d2733"
_SHEET = _HERE / "templates" / "certificates" / "certificate.typ"


def certificate_pdf(told: Mapping[str, str], *, address: str, made_at: datetime) -> bytes:
    """The sheet as PDF, with the words in `told` as they are: none of them is read as markup. Takes its time, so in a thread."""
    made = _compiler().compile(
        format="pdf",
        sys_inputs={"told": json.dumps({**told, "address": address}), "code": _code_for_paper(address)},
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # noqa: S101 -- one file for one format
    return made


def code_picture(address: str) -> Markup:
    """The code for a page, dark on light in either theme: what reads it wants it so."""
    picture = _code(address).svg_inline(border=0, omitsize=True, dark=_INK)
    return Markup(picture)  # noqa: S704 -- squares drawn by segno


def _code_for_paper(address: str) -> str:
    kept = BytesIO()
    _code(address).save(kept, kind="svg", border=0, dark=_INK, xmldecl=False)
    return kept.getvalue().decode()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours first; what they lack, such as other scripts, comes from those of the machine."""
    return typst.Fonts(font_paths=[_HERE / "static" / "vendor"])


def _compiler() -> typst.Compiler:
    return typst.Compiler(input=_SHEET, root=_SHEET.parent, font_paths=_fonts())
