"""What territories tell rooms above them."""

from __future__ import annotations

from parvis.hub.registry import HouseSignal

territories_loaded = HouseSignal()
"""The reference of territories was brought to another state; sent inside the transaction that does it."""
