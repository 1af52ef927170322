"""Which encoding a text is in, told by its bytes."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from typing import BinaryIO

_DECODED_AT_ONCE_BYTES = 1 << 17
_DAMAGED_UTF8_AT_MOST = 0.1  # of the characters beyond ASCII; more than that, and it is another encoding


def encoding_of(text: BinaryIO) -> str | None:
    """Answer UTF-8, with or without mark, UTF-16 or Windows-1252, or None if it is none of them. Reads it from its start."""
    text.seek(0)
    beginning = text.read(len(BOM_UTF8))
    if beginning == BOM_UTF8:
        return "utf-8-sig"
    if beginning.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if _damage(text, "utf-8") <= _DAMAGED_UTF8_AT_MOST:
        return "utf-8"
    return "cp1252" if not _damage(text, "cp1252") else None


def _damage(text: BinaryIO, encoding: str) -> float:
    """Answer the share of characters that do not decode among those beyond ASCII."""
    text.seek(0)
    decoder = getincrementaldecoder(encoding)(errors="replace")
    beyond_ascii = undecodable = 0
    while block := text.read(_DECODED_AT_ONCE_BYTES):
        decoded = decoder.decode(block)
        if not decoded.isascii():
            beyond_ascii += len(decoded) - len(decoded.encode("ascii", errors="ignore"))
            undecodable += decoded.count("\N{REPLACEMENT CHARACTER}")
    return undecodable / max(beyond_ascii, 1)
