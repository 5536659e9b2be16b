"""How long work tells where it stands, and learns that a person wants it stopped."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called often by long work; raises ``parvis.core.errors.Cancelled`` when a person stopped it."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """``stage`` is ``fetch``, ``read``, ``detect``, ``write`` or ``publish``; ``done`` and ``total`` are rows or bytes."""


def no_progress(stage: str, done: int, total: int | None = None) -> None:
    """A progress that nobody watches."""
