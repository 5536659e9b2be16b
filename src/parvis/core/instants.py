"""Instants by the clocks of a zone: pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def by_the_clocks_of(zone: tzinfo, moment: datetime) -> datetime:
    """The instant in this zone; in UTC where it would be of no year from 1 to 9999.

    Registers write « without end » 9999-12-31T23:59:59Z, which is of the year 10000 in Paris.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment.astimezone(UTC)
