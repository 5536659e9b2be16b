"""The values of one place by period, and what is told of the last: its state, how it moved, whether that is for the better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from parvis.core.indicators.assessment import State, is_better, state_of
from parvis.core.indicators.definition import Definition


class Valued(Protocol):
    """A figure of a place (empty for the whole) and a period (empty when there is none)."""

    territory: str
    period: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series[V: Valued]:
    """The figures of a place that have a value, the oldest first."""

    definition: Definition
    values: tuple[V, ...] = ()

    @property
    def value(self) -> V | None:
        """The last, which is told first."""
        return self.values[-1] if self.values else None

    @property
    def place(self) -> str:
        """The territory that they are of; empty for the whole."""
        return self.value.territory if self.value else ""

    @property
    def before(self) -> V | None:
        """The one of the period before."""
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def history(self) -> tuple[V, ...]:
        """Those that follow one another in time."""
        return tuple(value for value in self.values if value.period)

    @property
    def state(self) -> State:
        """Where the last stands by the bounds of the definition."""
        return state_of(self.definition, self.value.value if self.value else None)

    @property
    def change(self) -> float | None:
        """How much it moved since the period before."""
        before, after = (figure.value if figure else None for figure in (self.before, self.value))
        return None if before is None or after is None else after - before

    @property
    def is_better(self) -> bool | None:
        """Whether that is for the better; None when neither."""
        return None if self.change is None else is_better(self.definition, 0.0, self.change)


def of_one_place[V: Valued](values: Sequence[V]) -> tuple[V, ...]:
    """Of values of the whole and of a place, those of the place when it has any, else of the whole; of several, those told last."""
    with_value = [value for value in values if value.value is not None]
    place = next((value.territory for value in reversed(with_value) if value.territory), "")
    return tuple(value for value in with_value if value.territory == place)
