"""What the catalogue tells rooms above it."""

from __future__ import annotations

from django.dispatch import Signal

dataset_published = Signal()
"""A version became the one that readers see: ``dataset``, ``version``, ``actor``; sent once the database holds it.

Receivers ask for background work and do nothing long themselves."""
