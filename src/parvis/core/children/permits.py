"""What one call in a child may reach and take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Permits:
    """``read``: the only files and folders it may read, the machine's libraries apart; ``write``: the only folders it may write.

    ``seconds`` on the clock, ``memory`` in bytes beyond what Python and its libraries take, files that are mapped apart, ``disk``
    in bytes of all it writes. ``name`` is what people call the file, for messages.
    """

    name: str = ""
    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    seconds: float = 60.0
    memory: int = 2_000_000_000
    disk: int = 8_000_000_000
