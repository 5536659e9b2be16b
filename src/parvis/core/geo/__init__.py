"""Geometry: tiles, simplification, drawings."""
