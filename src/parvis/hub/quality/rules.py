"""What a card should say, how long data may be waited for, what is worth a notice: pure decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.core.quality.facts import Verdict
from parvis.hub.catalogue.attention import DAYS_BETWEEN
from parvis.hub.catalogue.rules import REQUIREMENTS


class Event(StrEnum):
    """What may happen to a dataset that its owners should know."""

    LATE = "late"
    STALE = "stale"
    BROKEN = "broken"
    SCHEMA = "schema"


TENTHS = 10
"""Groups of scores: from 0 to 9, from 10 to 19… from 90 to 100."""


def tenth_of(score: float) -> int:
    """The tenth that a score out of 100 is in."""
    return min(int(score // TENTHS), TENTHS - 1)


@dataclass(frozen=True, slots=True)
class CardItem:
    """One thing a card should say: its name in losses, its label, advice, how to tell that it is said."""

    name: str
    label: Any
    advice: Any
    met: Callable[[Mapping[str, Any]], bool]


def _fields_described(card: Mapping[str, Any]) -> bool:
    return bool(card.get("columns")) and card["described"] * 2 >= card["columns"]


_OTHERWISE: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "frequency": lambda card: card.get("frequency") not in ("", "unknown", None)
}
"""Where the score asks for more than what is asked before publication."""

SAID = (
    *(
        CardItem(row.name, row.label, row.advice, _OTHERWISE.get(row.name, row.met))
        for row in REQUIREMENTS
        if row.name != "data"
    ),
    CardItem(
        "source", _("Source"), _("Dites d’où viennent les données."), lambda c: bool(c["source"] or c["source_url"])
    ),
    CardItem(
        "columns",
        _("Description des colonnes"),
        _("Décrivez au moins la moitié des colonnes : unité, code, façon de compter."),
        _fields_described,
    ),
)
"""What the score asks of a card: the checklist before publication, the source, and words on the columns.

``card`` is ``catalogue.selectors.card_of`` with ``columns`` (how many there are) and ``described`` (how many have a description).
"""

SAID_BY_NAME = {row.name: row for row in SAID}


def card_items(card: Mapping[str, Any]) -> dict[str, bool]:
    """For each thing of ``SAID``, whether the card says it."""
    return {row.name: row.met(card) for row in SAID}


def allowed_days(frequency: str) -> int | None:
    """The days after which data of that frequency is late; None when nothing was promised."""
    return DAYS_BETWEEN.get(frequency)


def age_in_days(data_modified: datetime | None, now: datetime) -> int | None:
    """Whole days since the data last came."""
    return max((now - data_modified).days, 0) if data_modified else None


def due_day(frequency: str, data_modified: datetime | None) -> date | None:
    """The last day on which data of that frequency is in time."""
    days = allowed_days(frequency)
    return (data_modified + timedelta(days=days)).date() if days and data_modified else None


def freshness_event(frequency: str, data_modified: datetime | None, now: datetime) -> Event | None:
    """LATE once the promised period is over, STALE once the delay is as long as that period."""
    allowed, age = allowed_days(frequency), age_in_days(data_modified, now)
    if allowed is None or age is None or age <= allowed:
        return None
    return Event.STALE if age >= 2 * allowed else Event.LATE


def verdict_of(check: Mapping[str, Any] | None) -> Verdict | None:
    """What a report of validation (``core.validation.Report.to_dict``) says; None when there is none or it is of another form.

    A report counts faults, not faulty rows: as many rows as faults are held to be faulty, and all when a column is missing.
    """
    if not isinstance(check, Mapping):
        return None
    rows, total = check.get("rows"), check.get("total")
    if not isinstance(rows, int) or not isinstance(total, int):
        return None
    counts = check.get("counts") or []
    whole = any(
        isinstance(c, Mapping) and str(c.get("rule", "")).startswith(("header:", "schema:", "source:")) for c in counts
    )
    faulty = check.get("faulty_rows")
    faulty_rows = faulty if isinstance(faulty, int) else total
    return Verdict(
        str(check.get("schema") or ""),
        str(check.get("version") or ""),
        rows,
        rows if whole else min(faulty_rows, rows),
        total,
    )
