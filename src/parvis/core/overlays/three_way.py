"""The decision itself: base (what the source said), what it says now, and what was accepted. Pure."""

from __future__ import annotations

from parvis.core.overlays.model import CellState


def decide(base: str | None, source: str | None, accepted: str | None) -> CellState:
    """What becomes of one accepted value.

    The source's own correction closes the overlay, even when it changed in between; a source that says neither what it said
    nor what was accepted is a conflict, in which nobody wins by silence.
    """
    if source == accepted:
        return CellState.SAME
    return CellState.APPLIED if source == base else CellState.CONFLICT
