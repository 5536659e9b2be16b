"""The text of iCalendar files before any of it is understood: lines put together, events and time zones cut out."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parvis.core.calendars.zones import DEFAULT, zone_of

_LINE: Final = re.compile(r"[A-Za-z0-9-]{1,60}[:;]")
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_BLOCKS: Final = ("VEVENT", "VTIMEZONE")
_LONGEST_BLOCK: Final = 5_000
"""Lines of one event."""


@dataclass(slots=True)
class CalendarText:
    """What a file is made of: its events as text, its time zones, what the calendar says of itself."""

    events: list[str]
    zones: list[str]
    name: str = ""
    zone: str = DEFAULT
    is_cut: bool = False
    """Whether it stops inside an event: what was not yet received is not known, and that event is left out."""


def unfolded(content: bytes) -> bytes:
    """``content`` with its long lines put together: the standard folds them between bytes, in the middle of a letter at times."""
    return content if content[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else _FOLD.sub(b"", content)


def calendar_text(text: str) -> CalendarText:
    """What the text of one or several calendars is made of."""
    file, block, kind = CalendarText([], []), [], ""
    for line in _lines(text):
        upper = line.upper().rstrip()
        if upper.startswith("BEGIN:") and upper[6:] in _BLOCKS and not kind:
            kind, block = upper[6:], [line]
        elif kind:
            # An event that never ends stops where the next begins.
            starts = upper == "BEGIN:VEVENT" and kind == "VEVENT"
            if starts or len(block) < _LONGEST_BLOCK:
                block.append(f"END:{kind}" if starts else line)
            if upper in (f"END:{kind}", "END:VCALENDAR") or starts:
                block[-1] = f"END:{kind}"
                (file.events if kind == "VEVENT" else file.zones).append("\r\n".join(block))
                kind, block = (kind, [line]) if starts else ("", [])
        elif upper.startswith("X-WR-CALNAME") or upper.startswith("NAME:"):
            file.name = file.name or line.partition(":")[2].replace("\\,", ",").replace("\\;", ";")
        elif upper.startswith("X-WR-TIMEZONE"):
            file.zone = zone_of(line.partition(":")[2]) or file.zone
    file.is_cut = kind == "VEVENT"
    return file


def _lines(text: str) -> Iterator[str]:
    """Unfolded lines; what is no property continues the line before, as a line end of its text."""
    current: list[str] = []
    for line in text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if current and line[:1] in (" ", "\t"):
            current.append(line[1:])
        elif _LINE.match(line):
            if current:
                yield "".join(current)
            current = [line]
        elif current and line.strip():
            current.append(f"\\n{line}")
    if current:
        yield "".join(current)
