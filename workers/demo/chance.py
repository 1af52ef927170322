"""Choices that look like chance and are the same whenever and wherever they are made."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

_Thing = TypeVar("_Thing")


class Chance:
    """A row of choices; the same key gives the same row."""

    def __init__(self, *key: object) -> None:
        self._key = "\x1f".join(map(str, key)).encode()
        self._drawn = 0

    def below(self, limit: int) -> int:
        self._drawn += 1
        drawn = sha256(self._key + self._drawn.to_bytes(4, "big")).digest()
        return int.from_bytes(drawn[:8], "big") % limit

    def share(self) -> float:
        """From 0 up to, not including, 1."""
        return self.below(1 << 32) / (1 << 32)

    def happens(self, probability: float) -> bool:
        return self.share() < probability

    def between(self, least: int, most: int) -> int:
        return least + self.below(most - least + 1)

    def one_of(self, things: Sequence[_Thing]) -> _Thing:
        return things[self.below(len(things))]

    def weighed(self, things: Sequence[_Thing], weights: Sequence[float]) -> _Thing:
        """One of the things, the heavier the likelier."""
        rest = self.share() * sum(weights)
        for thing, weight in zip(things, weights, strict=True):
            rest -= weight
            if rest < 0:
                return thing
        return things[-1]

    def shuffled(self, things: Sequence[_Thing]) -> list[_Thing]:
        left = list(things)
        for last in range(len(left) - 1, 0, -1):
            other = self.below(last + 1)
            left[last], left[other] = left[other], left[last]
        return left
