"""Persons: columns dropped, masked, coarsened, rows suppressed, so that nobody can be told."""

from __future__ import annotations

from parvis.core.transforms.model import Transform

TREATMENTS: tuple[Transform, ...] = ()
"""One row a transform."""
