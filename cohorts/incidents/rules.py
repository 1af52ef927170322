"""How grave an incident is."""

from enum import StrEnum


class Gravity(StrEnum):
    MINOR = "minor"
    MAJOR = "major"
    GRAVE = "grave"
