"""Names of time zones as calendars write them: those of the IANA, of Windows, of software that invents its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

DEFAULT: Final = "Europe/Paris"

FRENCH: Final = (
    DEFAULT,
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Marquesas",
    "Pacific/Gambier",
    "Pacific/Wallis",
    "Europe/London",
    "UTC",
)
"""Where a zone known by its offsets alone is looked for, the likeliest first."""

_SAMPLED = tuple(datetime(year, month, 15, 12) for year in (2024, 2026) for month in range(1, 13))  # noqa: DTZ001
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()} | {
    "(utc+01:00) brussels, copenhagen, madrid, paris": DEFAULT,
    "gmt": "UTC",
    "z": "UTC",
}


@cache
def _names() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def zone_of(name: str, definitions: Iterable[str] = ()) -> str | None:
    """The IANA name of the zone that a calendar calls ``name``, None when nobody can tell.

    ``definitions`` are the VTIMEZONE blocks of the calendar: the one of that name says what its own name does not.
    """
    tzid = name.strip().strip('"')
    for candidate in (tzid, "/".join(tzid.split("/")[-2:]), "/".join(tzid.split("/")[-3:])):
        zone = _names().get(candidate.casefold()) or _WINDOWS.get(candidate.casefold())
        if zone is not None:
            return zone
    return next((_defined(block) for block in definitions if f"TZID:{tzid}" in block.splitlines()), None)


def _defined(block: str) -> str | None:
    """The zone that a VTIMEZONE describes: by the location that Lightning and Apple add, else by its offsets."""
    for line in block.splitlines():
        if line.upper().startswith("X-LIC-LOCATION:"):
            return _names().get(line.partition(":")[2].strip().casefold())
    try:
        component = Timezone.from_ical(block)
        if not isinstance(component, Timezone):
            return None
        described = component.to_tz(lookup_tzid=False)
        offsets = [moment.replace(tzinfo=described).utcoffset() for moment in _SAMPLED]
    except Exception:  # noqa: BLE001 - a definition written by a stranger, read by three libraries: whatever they raise
        return None
    return next(
        (zone for zone in FRENCH if offsets == [m.replace(tzinfo=ZoneInfo(zone)).utcoffset() for m in _SAMPLED]), None
    )
