"""The words of OParl 1.1: types, their addresses, lists, and how dates and absent values are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone

from parvis.hub.addresses import absolute_url

PATH = "/oparl/v1.1"
VERSION = "https://schema.oparl.org/1.1/"
TYPES = (
    "Body",
    "LegislativeTerm",
    "Organization",
    "Person",
    "Membership",
    "Meeting",
    "AgendaItem",
    "Paper",
    "Consultation",
    "File",
    "Location",
)
"""Besides System."""
TYPE_AT = {name.lower(): name for name in TYPES}
"""By the word of their addresses."""
LISTS = {
    "LegislativeTerm": "legislativeTermList",
    "Organization": "organization",
    "Person": "person",
    "Membership": "membership",
    "Meeting": "meeting",
    "AgendaItem": "agendaItem",
    "Paper": "paper",
    "Consultation": "consultation",
    "File": "file",
    "Location": "locationList",
}
"""The lists of a Body, by the type of what they hold, and the property that leads to each."""
OF_ASSEMBLIES = ("Meeting", "Consultation")
"""Lists of an Organization."""
FIRST_YEAR = 1912
"""Since when the hour of Paris is that of a zone."""
LONG = frozenset({"File", "AgendaItem"})
"""Types whose objects bear whole texts, in their own lists and alone: not where they are parts of others."""
OMITTED = {
    "AgendaItem": ("auxiliaryFile",),
    "Meeting": ("auxiliaryFile", "agendaItem"),
    "Paper": ("auxiliaryFile", "location"),
    "Person": ("membership",),
    "Body": ("legislativeTerm",),
}
"""What ``omit_internal`` leaves out."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object, before it is dated: what it says wherever it stands, and what it says besides when it stands alone."""

    type: str
    key: str
    facts: Mapping[str, Any]
    alone: Mapping[str, Any] = field(default_factory=dict)
    body: int = 0
    assembly: int | None = None
    since: datetime | None = None
    """From when readers could see it, where that is written somewhere."""

    def part(self) -> dict[str, Any]:
        """The object within another."""
        return {"id": address(self.type, self.key), "type": VERSION + self.type, **self.facts}

    def whole(self) -> dict[str, Any]:
        """The object alone."""
        return self.part() | self.alone


def address(kind: str, key: object, *rest: str) -> str:
    """The one address of an object, or of a list of it: on the main site, whichever site answers."""
    return absolute_url("/".join([PATH, kind.lower(), str(key), *rest]))


def system_address() -> str:
    """The address where everything begins."""
    return absolute_url(f"{PATH}/system")


def present(**facts: Any) -> dict[str, Any]:
    """The facts that there are: the specification would have neither null nor empty ones."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def own(**facts: Any) -> dict[str, Any]:
    """The same, under the prefix that tells what the specification does not know."""
    return {f"parvis:{name}": value for name, value in present(**facts).items()}


def moment(instant: datetime) -> str:
    """``2026-01-15T18:30:00+01:00``, at the hour of the portal."""
    return timezone.localtime(instant).isoformat(timespec="seconds")


def beginning(day: date, clock: time | None) -> str:
    """When a sitting begins; at midnight when the hour is not written."""
    # Registers go back further than whole minutes between an hour and that of Greenwich.
    zone = timezone.get_default_timezone() if day.year >= FIRST_YEAR else UTC
    return datetime.combine(day, clock or time(), zone).isoformat(timespec="seconds")
