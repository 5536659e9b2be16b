"""What territories tell rooms above them."""

from __future__ import annotations

from django.dispatch import Signal

territories_loaded = Signal()
"""The reference of territories was brought to another state; sent inside the transaction that does it."""
