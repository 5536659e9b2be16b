"""Where a step is among those of an import, and what becomes of their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import OFF, Preparation, is_off


@dataclass(frozen=True, slots=True)
class Place:
    """Where the step of a form is: the rank of one there is, or the one it comes before; 0 for a new one, at the end."""

    rank: int
    before: int
    row: Preparation | None
    count: int

    @property
    def number(self) -> int:
        """Its rank, once it is there."""
        return self.rank or self.before or self.count + 1

    @property
    def query(self) -> str:
        """What opens its form again, behind the address of the page."""
        if self.rank or self.row is None:
            return f"?etape={self.rank}"
        return f"?ajouter={self.row.name}" + (f"&avant={self.before}" if self.before else "")


def number_of(text: str | None) -> int:
    """The rank that a form sends; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _moved(steps: Sequence[Step], rank: int, to: int) -> tuple[list[Step], int]:
    to = min(max(to, 1), len(steps))
    others = [*steps[: rank - 1], *steps[rank:]]
    return [*others[: to - 1], steps[rank - 1], *others[to - 1 :]], to


def _switched(steps: Sequence[Step], rank: int) -> tuple[list[Step], int]:
    step = steps[rank - 1]
    parameters = {key: value for key, value in step.parameters.items() if key != OFF}
    switched = Step(step.name, parameters if is_off(step) else {**parameters, OFF: True})
    return [*steps[: rank - 1], switched, *steps[rank:]], rank


CHANGES: Mapping[str, Callable[[Sequence[Step], int], tuple[list[Step], int]]] = {
    "monter": lambda steps, rank: _moved(steps, rank, rank - 1),
    "descendre": lambda steps, rank: _moved(steps, rank, rank + 1),
    "basculer": _switched,
    "retirer": lambda steps, rank: ([*steps[: rank - 1], *steps[rank:]], min(rank, len(steps) - 1)),
}
"""What a button does to the steps, from the rank of one: the steps then, and where the keyboard goes."""
