"""What the catalogue tells rooms above it."""

from __future__ import annotations

from parvis.hub.registry import HouseSignal

dataset_opened = HouseSignal()
"""A dataset was given to be read at its current version, or to more people: ``dataset``; sent inside the transaction that does it.

Receivers write what must be true from that very moment on."""

dataset_published = HouseSignal()
"""A version became the one that readers see: ``dataset``, ``version``, ``actor``; sent once the database holds it.

Receivers ask for background work and do nothing long themselves."""

datasets_stamped = HouseSignal()
"""What is shown of some datasets changed: ``keys``; sent inside the transaction that does it."""

dataset_withdrawn = HouseSignal()
"""A dataset was withdrawn or deleted, or came back from the deleted as withdrawn: ``dataset``, and the status that it had (``former``).

Sent inside the transaction that does it."""
