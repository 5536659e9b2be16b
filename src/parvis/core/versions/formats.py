"""Formats of versions that no file has."""

FEDERATED = "federated"
"""Of a version without rows, that are asked of another portal (``core.versions.hollow``)."""
