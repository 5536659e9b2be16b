"""What a server asks of robots (RFC 9309), read by protego: run in a confined child, since the file is a stranger's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from protego import Protego

LONGEST_PAUSE = 30.0
"""Seconds between two requests beyond which a server's wish is that of nobody who means it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which of some addresses may be asked for, in order, and how long to wait between two requests."""

    allowed: tuple[bool, ...]
    pause: float = 0.0


def read_rules(robots: Path, agent: str, urls: Sequence[str]) -> Rules:
    """What a robots.txt says to ``agent`` of each address."""
    parsed = Protego.parse(robots.read_text(encoding="utf-8", errors="replace"))
    pause = float(parsed.crawl_delay(agent) or 0)
    return Rules(tuple(bool(parsed.can_fetch(url, agent)) for url in urls), min(max(pause, 0.0), LONGEST_PAUSE))
