"""Columns: renamed, ordered, added, put together or apart, as a schema wants them."""

from __future__ import annotations

from parvis.core.transforms.model import Transform

MAPPING: tuple[Transform, ...] = ()
"""One row a transform."""
