"""Which schema a table is checked against, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a schema comes from."""

    BUNDLED = "bundled"
    ADDRESS = "address"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SchemaRef:
    """Which schema: ``name`` is its bundled name, its address or the name of its file; ``digest`` names the copy kept of
    one that is not bundled, empty for a bundled one."""

    origin: Origin
    name: str
    version: str = ""
    digest: str = ""
