"""Every library of long documents that modules declare."""

from __future__ import annotations

from parvis.hub.fulltext.rules import TextLibrary
from parvis.hub.registry import modules


def libraries() -> tuple[TextLibrary, ...]:
    """In the order of modules."""
    return tuple(library for module in modules() for library in module.texts)
