"""Imports and questions on many shapes of files: what holds on the file of the other parts must hold on others."""

from parvis.config.bench.shapes.measured import shape_figures

__all__ = ["shape_figures"]
