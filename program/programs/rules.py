"""What a program must be told when it is made."""

import re
import unicodedata

LONGEST_NAME = 80


def slug_of(name: str) -> str:
    """A program's name as an address shows it: small letters, digits and hyphens, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "program"
