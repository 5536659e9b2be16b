"""What the datastore tells rooms above it."""

from __future__ import annotations

from parvis.hub.registry import HouseSignal

version_registered = HouseSignal()
"""An import wrote a version, published or not: ``dataset``, ``version``, ``manifest``; sent inside the transaction that notes it.

It may be sent twice for one version, when the process that imported died in between."""
