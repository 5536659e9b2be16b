"""Until when something is to be done, and when it is worth a mail: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from parvis.domains.deliberations.rules import LIST_WITHIN, MINUTES_WITHIN

WAITS_AT_MOST = timedelta(days=7)
"""For an act to be read again once it was deposited, and to go online once it was confirmed: no law says so, readers wait."""
TOLD_BEFORE = timedelta(days=2)
"""A mail says that what the law asks is due."""


class Task(StrEnum):
    """What there is to do."""

    LIST = "list"
    """Put online the list of the deliberations that a sitting examined (CGCT L2121-25)."""
    MINUTES = "minutes"
    """Put the minutes online, once they are approved (CGCT L2121-15)."""
    ONLINE = "online"
    """Put online an act that somebody confirmed."""
    CONFIRM = "confirm"
    """Read a deposited act again."""


ASKED_BY_LAW = frozenset({Task.LIST, Task.MINUTES})
WITHIN = {
    Task.LIST: LIST_WITHIN,
    Task.MINUTES: MINUTES_WITHIN,
    Task.ONLINE: WAITS_AT_MOST,
    Task.CONFIRM: WAITS_AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: for whom, about which row, since when, at the latest when."""

    task: Task
    organisation_id: int
    organisation: str
    key: int
    """Of the sitting, or of the act."""
    title: str
    since: date

    @property
    def due(self) -> date:
        """The last day to do it."""
        return self.since + WITHIN[self.task]

    def is_late(self, today: date) -> bool:
        """Whether that day is past."""
        return today > self.due

    def days_left(self, today: date) -> int:
        """Until that day; below zero once it is past."""
        return (self.due - today).days

    def mark(self, today: date) -> str:
        """What is the same until another mail is worth it; empty when none is yet.

        What the law asks is told before its day and once it is past; the rest once it is past.
        """
        if self.is_late(today):
            return f"{self.task}-late-{self.due}"
        if self.task in ASKED_BY_LAW and today >= self.due - TOLD_BEFORE:
            return f"{self.task}-soon-{self.due}"
        return ""


def in_order(duties: list[Duty]) -> list[Duty]:
    """What is due first comes first; of one day, what the law asks."""
    return sorted(duties, key=lambda duty: (duty.due, duty.task not in ASKED_BY_LAW, duty.organisation, duty.key))
