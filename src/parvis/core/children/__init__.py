"""Work on strangers' bytes, done in confined child processes: ``call`` runs one function of the core in one, and only there."""

from parvis.core.children.calls import call, close, warm
from parvis.core.children.confinement import can_confine
from parvis.core.children.errors import (
    CannotConfine,
    ChildUnavailable,
    ReadingFailed,
    ReadingTooLarge,
    ReadingTooLong,
)
from parvis.core.children.permits import Permits

__all__ = [
    "CannotConfine",
    "ChildUnavailable",
    "Permits",
    "ReadingFailed",
    "ReadingTooLarge",
    "ReadingTooLong",
    "call",
    "can_confine",
    "close",
    "warm",
]
