"""One figure of the benchmark, and how figures are printed."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure: ``ours`` and ``peer`` in ``unit``; ``ratio`` is ours over peer.

    ``budget`` is the ratio (or the value, when there is no peer) that the design allows at most, or at least for a ``rate``,
    of which more is better; None when none is set.
    """

    subject: str
    what: str
    unit: str
    ours: float
    peer_name: str = ""
    peer: float | None = None
    budget: float | None = None
    rate: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the peer's value ours is; None without a peer."""
        return self.ours / self.peer if self.peer else None

    @property
    def within(self) -> bool | None:
        """Whether the budget is kept; None when there is none."""
        if self.budget is None:
            return None
        measured = self.ours if self.ratio is None else self.ratio
        return measured >= self.budget if self.rate else measured <= self.budget


def machine() -> str:
    """The machine in one line."""
    return f"{platform.machine()}, {os.cpu_count()} cœurs, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def timed(work: Callable[[], Any], repeat: int = 1) -> tuple[float, Any]:
    """The shortest of ``repeat`` runs, in seconds, and the last result."""
    best, result = float("inf"), None
    for _turn in range(repeat):
        start = perf_counter()
        result = work()
        best = min(best, perf_counter() - start)
    return best, result


def turns_for(most: int, rows: int) -> int:
    """How many times each thing is asked: ``most`` for the many rows that are published, one for a trial of the benchmark on two thousand."""
    return min(most, max(rows // 2_000, 1))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a text table, with a mark where a budget is passed."""
    lines = [f"{'':10} {'mesure':80} {'Parvis':>12} {'pair':>12} {'rapport':>9} {'budget':>8}"]
    for figure in figures:
        peer = f"{figure.peer:.3f}" if figure.peer is not None else "–"
        ratio = f"× {figure.ratio:.3g}" if figure.ratio is not None else "–"
        bound = "≥ " if figure.rate else ""
        budget = "–" if figure.budget is None else f"{bound}{figure.budget:g}"
        mark = {True: "tenu", False: "DÉPASSÉ", None: ""}[figure.within]
        label = f"{figure.what} ({figure.unit})" + (f" / {figure.peer_name}" if figure.peer_name else "")
        lines.append(f"{figure.subject:10} {label:80} {figure.ours:12.3f} {peer:>12} {ratio:>9} {budget:>8} {mark}")
    return "\n".join(lines)


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures as JSON-able rows."""
    return [{**asdict(figure), "ratio": figure.ratio, "within": figure.within} for figure in figures]
