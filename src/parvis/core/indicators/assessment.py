"""How a value is judged: its state in a word, its trend, and the question that gave it."""

from __future__ import annotations

from enum import StrEnum

from parvis.core.indicators.definition import Definition, Part

TERRITORY, PERIOD, VALUE = "i_territory", "i_period", "i_value"
"""Keys of the answers to the questions of a part."""


class State(StrEnum):
    """Where a value stands; NONE when its indicator has no bounds, or when there is no value."""

    ON_TRACK = "on-track"
    WATCH = "watch"
    LATE = "late"
    NONE = ""


def state_of(definition: Definition, value: float | None) -> State:
    """The state of a value by the bounds of its definition; a value on a bound is on its good side."""
    if value is None or definition.on_track is None or definition.watch is None:
        return State.NONE
    sign = 1 if definition.direction == "higher" else -1
    if sign * value >= sign * definition.on_track:
        return State.ON_TRACK
    return State.WATCH if sign * value >= sign * definition.watch else State.LATE


def is_better(definition: Definition, before: float, after: float) -> bool | None:
    """Whether ``after`` is better than ``before``; None when neither is, or when no direction is."""
    if before == after or definition.direction == "neutral":
        return None
    return (after > before) == (definition.direction == "higher")


def question_of(part: Part, *, by_territory: bool) -> tuple[str, str]:
    """``select`` and ``group_by`` in ODSQL, for the whole or by territory, by period in both cases."""
    groups = [f"{part.territory} as {TERRITORY}"] if by_territory and part.territory else []
    groups += [f"{part.period} as {PERIOD}"] if part.period else []
    return f"{part.select} as {VALUE}", ", ".join(groups)
