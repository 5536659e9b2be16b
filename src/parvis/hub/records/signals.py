"""What records tell rooms above them."""

from __future__ import annotations

from parvis.hub.registry import HouseSignal

record_changed = HouseSignal()
"""Something was done to a record: ``record``, ``act`` (``create``, ``update``, ``publish``, ``unpublish``, ``archive``,
``delete``, then ``erase`` of those that leave no trace…); the sender is its class. Sent inside the transaction that does it."""
