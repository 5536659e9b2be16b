"""Files of events, whatever their format: what a confined child runs on the bytes that a source or a person sent.

A service calls ``core.children.call(read_file, content, name, source, permits=…)``, with permits that reach no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.formats import ical, jsonld, openagenda, table
from parvis.core.calendars.formats.fields import Reading, text_of

LARGEST: Final = 30_000_000
SECONDS: Final = 60.0
"""What the child that reads a file is given."""
_LOOKED_AT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how the beginning of its files looks, what reads them."""

    name: str
    begins: re.Pattern[str]
    read: Callable[[bytes, str, str], Reading]


FORMATS: Final = (
    Format("icalendar", re.compile(r"^\s*BEGIN:V(?:CALENDAR|EVENT)", re.IGNORECASE | re.MULTILINE), ical.read),
    Format("json-ld", re.compile(r"^\s*(?:<|[\[{].*\"@(?:context|graph|type)\")", re.DOTALL), jsonld.read),
    Format("openagenda", re.compile(r"^\s*[\[{]"), openagenda.read),
    Format("table", re.compile(r"\S"), table.read),
)
"""The first that fits reads the file."""


def read_file(content: bytes, name: str, source: str = "") -> Reading:
    """The events in ``content``, called ``name`` by people; ``source`` is kept with each. UnreadableAgenda."""
    if len(content) > LARGEST:
        raise UnreadableAgenda(file=name, reason=f"> {LARGEST // 1_000_000} Mo")
    beginning = text_of(content[:_LOOKED_AT])
    kind = next((one for one in FORMATS if one.begins.search(beginning)), None)
    if kind is None:
        raise UnreadableAgenda(file=name, reason="?")
    return kind.read(content, name, source)
