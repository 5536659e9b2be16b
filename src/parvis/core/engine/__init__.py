"""The seam between questions and what answers them: checked plans in, Arrow batches out, under limits."""

from parvis.core.engine.contract import Engine, MemorySource, Source
from parvis.core.engine.errors import EngineFailed, QueryRefused, QueryTimeout, QueryTooLarge

__all__ = [
    "Engine",
    "EngineFailed",
    "MemorySource",
    "QueryRefused",
    "QueryTimeout",
    "QueryTooLarge",
    "Source",
]
