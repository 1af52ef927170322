"""Ends parts of a running product as no part can foresee: with SIGKILL, at moments that a seed decides."""

import asyncio
import random
from collections import Counter
from contextlib import suppress

import psutil

from tests.survival.product import Product

KINDS = ("web", "worker", "valkey", "postgres", "backend")
COMES_BACK_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.02


async def kill_now_and_then(
    product: Product, *, kills: int, every: tuple[float, float], chosen: random.Random
) -> Counter[str]:
    """So many kills, of every kind about as often as of the others; answers how many of each.

    A kind that is not there at the moment has its turn later: to kill each part at its birth would try nothing else.
    """
    order = [KINDS[number % len(KINDS)] for number in range(kills)]
    chosen.shuffle(order)
    done: Counter[str] = Counter()
    while order:
        await asyncio.sleep(chosen.uniform(*every))
        async with asyncio.timeout(COMES_BACK_WITHIN_SECONDS):
            while not (kind := _killed_one_of(product, order, chosen)):  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(POLL_SECONDS)
        order.remove(kind)
        done[kind] += 1
    return done


def _killed_one_of(product: Product, order: list[str], chosen: random.Random) -> str | None:
    """The first of these kinds of which there is one, and now is one less."""
    for kind in dict.fromkeys(order):
        found = product.backends() if kind == "backend" else product.parts(kind)
        with suppress(psutil.NoSuchProcess):
            if found:
                chosen.choice(found).kill()
                return kind
    return None
