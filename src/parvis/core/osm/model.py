"""What is compared: rows of a town and objects of OpenStreetMap as entries of the same form, and what is found of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
TYPES = {"n": "node", "w": "way", "r": "relation"}


class Verdict(StrEnum):
    """What Osmose tells of an official file and of OpenStreetMap, and ``same`` when there is nothing to do."""

    MISSING_THERE = "missing-there"
    """In the town's file, not in OpenStreetMap."""
    MISSING_HERE = "missing-here"
    """In OpenStreetMap, not in the town's file."""
    POSSIBLE = "possible"
    """Probably the same thing; somebody has to look."""
    MOVED = "moved"
    """The same thing, at places too far apart."""
    DIFFERENT = "different"
    """The same thing, of which the two say different things."""
    SAME = "same"


class Doubt(StrEnum):
    """Why a pair is only possible."""

    SHARED_REFERENCE = "shared-reference"
    OTHER_REFERENCE = "other-reference"
    OTHER_NAME = "other-name"
    RIVAL = "rival"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on either side. ``key``: that of the row (JSON), or ``n123``, ``w45``, ``r6`` of an object.

    ``tags`` of a row are those that OpenStreetMap would have if it said the same; those of an object are all it has. ``box`` is
    around an object that is drawn as a line or an area: what is within it is where the object is.
    """

    key: str
    longitude: float
    latitude: float
    tags: Mapping[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    name: str = ""
    version: int = 0
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A tag of which the two say different things; empty when one says nothing."""

    tag: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing. ``ours`` and ``theirs`` are keys, empty when it is missing on that side.

    ``distance`` in metres is None without a pair; ``nearby`` are objects or rows close to a missing one, the nearest first.
    """

    verdict: Verdict
    ours: str = ""
    theirs: str = ""
    distance: float | None = None
    by_reference: bool = False
    differences: tuple[Difference, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    nearby: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same as long as the same is found of the same things: a decision about it holds."""
        facts = [self.verdict, self.ours, self.theirs, sorted((d.tag, d.ours, d.theirs) for d in self.differences)]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]


def address_of(key: str) -> str:
    """``node/123`` for ``n123``.

    >>> address_of("w45")
    'way/45'
    """
    return f"{TYPES[key[0]]}/{key[1:]}"


def key_of(text: str) -> str:
    """``n123`` for what people write to name an object (``node/123``, ``n123``, its address); empty for anything else.

    >>> key_of("https://www.openstreetmap.org/way/45"), key_of("N123"), key_of("12"), key_of("Non concerné")
    ('w45', 'n123', '', '')
    """
    match = re.fullmatch(r"(?:.*/)?(node|way|relation|[nwr])[/ ]?([1-9][0-9]{0,18})/?", text.strip().lower())
    return f"{match[1][0]}{match[2]}" if match else ""
