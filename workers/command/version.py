"""Which version of Pilotage this is."""

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@cache
def version() -> str:
    """As it was installed, or as the checkout says."""
    try:
        return metadata.version("pilotage")
    except metadata.PackageNotFoundError:
        told = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
        return str(told["project"]["version"])
