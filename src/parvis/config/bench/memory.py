"""What the processes of a portal hold in memory, idle after some pages: the demonstration, with its 49 datasets."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from parvis.config.bench.figures import Figure
from parvis.config.bench.pages import Served, answer_seconds

BUDGET = 450
"""Megabytes of all processes together, of the design."""

PATHS = ("/", "/explore/", "/pages/", "/indicateurs/", "/cartes/", "/agenda/")
_PAUSE = 1.0
_STILL = 5
_RESTED = 70
"""Seconds of stillness after which the worker of imports rests too: it does after sixty (``cli.serve.REST_SECONDS``)."""
PATIENCE = 240
"""Seconds to wait at most for the work behind (exports made ahead, measures of quality) to end."""

type Serving = Callable[[], AbstractContextManager[tuple[str, Served]]]


def memory_figures(serving: Serving, *, patience: int = PATIENCE) -> list[Figure]:
    """Megabytes of each kind of process, then of all: what they share is counted once."""
    with serving() as (address, served):
        for path in PATHS:
            answer_seconds(address + path)
        wait_until_idle(served, patience, _RESTED)
        shares = served.shares()
    figures = [Figure("mémoire", role, "Mo", megabytes) for role, megabytes in shares.items()]
    return [*figures, Figure("mémoire", "tous les processus, au repos", "Mo", sum(shares.values()), budget=BUDGET)]


def wait_until_idle(served: Served, patience: int, stillness: int = _STILL) -> None:
    """Wait until the processes have done nearly nothing for ``stillness`` seconds, ``patience`` seconds at most."""
    still = 0
    for _second in range(patience):
        busy = served.busy()
        time.sleep(_PAUSE)
        still = still + 1 if served.busy() - busy < _PAUSE / 20 else 0
        if still >= stillness:
            return
