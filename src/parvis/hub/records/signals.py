"""What records tell rooms above them."""

from __future__ import annotations

from django.dispatch import Signal

record_changed = Signal()
"""Something was done to a record: ``record``, ``act`` (``create``, ``update``, ``publish``, ``unpublish``, ``archive``,
``delete``…); the sender is its class. Sent inside the transaction that does it."""
