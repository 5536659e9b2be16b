"""Cells: put in the form that a schema wants, as a person accepted."""

from __future__ import annotations

from parvis.core.transforms.model import Transform

MENDING: tuple[Transform, ...] = ()
"""One row a transform."""
