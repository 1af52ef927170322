"""What happened when: steps laid out in any order, taken in the order of time, so that no chain of events runs backwards."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

Step = Callable[[datetime], Awaitable[object]]


class Agenda:
    """Steps with their moments; a step may lay out others, of its own moment or later."""

    def __init__(self) -> None:
        self._ahead: list[tuple[datetime, int, Step]] = []
        self._numbers = count()
        self._now: datetime | None = None

    def at(self, moment: datetime, step: Step) -> None:
        if self._now is not None and moment < self._now:
            raise ValueError(f"{moment} is over: it is {self._now} in the story")
        heapq.heappush(self._ahead, (moment, next(self._numbers), step))

    async def play(self, until: datetime, tell: Callable[[datetime], None]) -> None:
        """Take every step up to a moment; `tell` hears of each."""
        while self._ahead and self._ahead[0][0] <= until:
            self._now, _, step = heapq.heappop(self._ahead)
            await step(self._now)
            tell(self._now)
