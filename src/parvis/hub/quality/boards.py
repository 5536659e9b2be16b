"""The table of a board: its orders, and its lines as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parvis.core.quality.criteria import CRITERIA, CRITERION_BY_NAME
from parvis.core.text import fold
from parvis.hub.quality.pictures import bars_of
from parvis.hub.quality.selectors import Line, summary
from parvis.hub.quality.words import criterion_name, event_name
from parvis.hub.ui.formatting import percent


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the table: the shares as text, in the order of the criteria, the weakest point and what stands, in words."""

    line: Line
    shares: tuple[str, ...]
    weakest: str
    events: tuple[str, ...]


def _share(name: str) -> Callable[[Line], Any]:
    return lambda line: line.shares.get(name)


ORDERS: dict[str, Callable[[Line], Any]] = {
    "titre": lambda line: fold(line.title),
    "note": lambda line: line.score,
    **{criterion.name: _share(criterion.name) for criterion in CRITERIA},
    "date": lambda line: line.data_modified,
}
"""Ways to order a board: by the key given, smallest first; what has none comes last."""


def ordered(lines: Sequence[Line], order: str) -> list[Line]:
    """The lines in that order (a minus turns it over), by title where it is the same; unknown orders mean the lowest score first."""
    key = ORDERS.get(order.removeprefix("-"), ORDERS["note"])
    known = sorted((line for line in lines if key(line) is not None), key=ORDERS["titre"])
    known.sort(key=key, reverse=order.startswith("-"))
    return [*known, *sorted((line for line in lines if key(line) is None), key=ORDERS["titre"])]


def shown_lines(lines: Sequence[Line]) -> list[ShownLine]:
    """Lines with their words in the page's language."""
    return [
        ShownLine(
            line,
            tuple(percent(line.shares.get(criterion.name)) for criterion in CRITERIA),
            criterion_name(CRITERION_BY_NAME[line.weakest]) if line.weakest else "",
            tuple(event_name(event) for event in line.events),
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean share of a criterion over the datasets of a board, out of 100."""

    label: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the table: its label, the order a click asks, ``aria-sort`` when it is the one followed."""

    label: str
    asks: str
    order: str
    is_number: bool


def board_facts(lines: Sequence[Line], order: str, start: int, size: int) -> dict[str, Any]:
    """What ``quality/board.html`` shows: figures, pictures, and the lines from ``start`` on, in that order."""
    figures = summary(lines)
    tenths = [_("de %(low)s à %(high)s") % {"low": n * 10, "high": n * 10 + (10 if n == 9 else 9)} for n in range(10)]
    return {
        "lines": shown_lines(ordered(lines, order)[start : start + size]),
        "total": len(lines),
        "figures": figures,
        "means": [
            Mean(criterion_name(criterion), share * 100, percent(share))
            for criterion in CRITERIA
            if (share := figures["means"][criterion.name]) is not None
        ],
        "bands": bars_of(figures["bands"], tenths),
        "heads": heads(order),
    }


def heads(order: str) -> list[Head]:
    """The columns of the table, in order; a click on the one followed turns it over."""
    labels = {"titre": _("Jeu de données"), "note": _("Note sur 100"), "date": _("Données du")}
    labels |= {criterion.name: criterion_name(criterion) for criterion in CRITERIA}
    wanted = order.removeprefix("-") if order.removeprefix("-") in ORDERS else "note"
    rows = []
    for key in ORDERS:
        followed = ("descending" if order.startswith("-") else "ascending") if key == wanted else ""
        asks = f"-{key}" if followed == "ascending" else key
        rows.append(Head(labels[key], asks, followed, key not in ("titre", "date")))
    return rows
