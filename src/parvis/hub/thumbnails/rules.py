"""What a thumbnail is: its size, its bounds, and how its files are called."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DRAWING = 8
"""Goes up when thumbnails are drawn otherwise: those of before are drawn again in the background."""
NOTHING = f"{DRAWING}-rien"
"""The name of those that were looked for in vain: nothing of their data can be drawn."""
MOST_BYTES = 60_000
"""Of a file: a card without picture is better than a list that is slow to come."""
MOST_SVG = 8_000
"""Bytes of a drawing beyond which it is tried as WebP too, and the lighter one kept."""
LIGHT = 14_000
"""Bytes of a thumbnail of which a list may show several: those of crowded maps are packed more until they are as light."""
QUALITIES = (72, 50, 30, 15, 5)
MEDIA_TYPES = {"svg": "image/svg+xml", "webp": "image/webp"}

_NAME = re.compile(r"\d{1,3}-[0-9a-f]{16}\.(svg|webp)")


ABOUT = "about.json"
"""The file beside those of a dataset that says what was drawn, so that its page draws the same, larger."""


@dataclass(frozen=True, slots=True)
class About:
    """What the thumbnail of a dataset shows: a map, or the chart of a description (JSON) with its title and its size in pixels."""

    chart: str = ""
    title: str = ""
    width: int = 0
    height: int = 0
    suggested: Mapping[str, str] = field(default_factory=dict)
    """The thumbnail of each chart proposed of it that could be drawn, by the key of its description."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A thumbnail in the two themes, as ``svg`` or ``webp``."""

    ending: str
    bodies: Mapping[str, bytes]
    """By name of theme."""
    about: About = field(default_factory=About)
    suggested: tuple[Drawn, ...] = ()
    """The thumbnails of the charts proposed of a dataset, which ``about`` names."""

    @property
    def name(self) -> str:
        """What names it: another one when its bytes are others, so that browsers keep it."""
        digest = hashlib.blake2b(b"".join(self.bodies.values()), digest_size=8).hexdigest()
        return f"{DRAWING}-{digest}.{self.ending}"


def key_of_chart(description: str) -> str:
    """What a proposed chart is called among the thumbnails of its dataset, from its description (JSON)."""
    return hashlib.blake2b(description.encode(), digest_size=8).hexdigest()


def is_shown(name: str) -> bool:
    """Whether a name is that of a thumbnail; one drawn as they were in another release is shown until it is drawn again."""
    return bool(_NAME.fullmatch(name))


def file_of(name: str, theme: str) -> str:
    """The file of a thumbnail in a theme."""
    stem, _dot, ending = name.partition(".")
    return f"{stem}-{theme}.{ending}"
