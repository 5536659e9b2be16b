"""Accepted contributions laid over a source by three-way merge: nothing accepted is silently lost, nothing stale silently wins."""

from parvis.core.overlays.merge import merge_overlay
from parvis.core.overlays.model import Addition, CellChange, CellState, MergeReport, Overlay, Removal

__all__ = ["Addition", "CellChange", "CellState", "MergeReport", "Overlay", "Removal", "merge_overlay"]
