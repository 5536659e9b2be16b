"""What a widget of a former portal becomes: a block of ours of the same kind, in its raw form, or words that say what was there."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.utils.html import escape
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.sources.page_skeletons import Piece
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.selectors import shape_of

type Raw = dict[str, Any]
"""A block as bodies hold it: ``type`` and ``value``."""

MARKS: Final = {
    "column": "bars",
    "bar": "bars",
    "columns": "bars",
    "line": "lines",
    "spline": "lines",
    "area": "areas",
    "areaspline": "areas",
    "pie": "pie",
    "treemap": "treemap",
    "scatter": "points",
}
"""Types of charts there, and here."""
CALCULATIONS: Final = {"COUNT": "count", "SUM": "sum", "AVG": "avg", "MIN": "min", "MAX": "max", "MEDIAN": "median"}
STEPS: Final = {"year": "year", "month": "month", "day": "day", "": ""}
_PERIOD = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")


class Unlike(Exception):
    """A widget that no block of ours shows the same; the sentence says why."""


@dataclass(slots=True)
class Place:
    """The data that widgets may name: ours, by what the portal calls them; only what may be read by all who read the page."""

    datasets: Mapping[str, Dataset]
    host: str
    shapes: dict[str, TableShape] = field(default_factory=dict)

    def dataset(self, piece: Piece) -> Dataset:
        """The dataset of a widget; Unlike."""
        if not piece.dataset:
            raise Unlike(_("il ne dit pas de quel jeu"))
        if piece.domain and not self._is_here(piece.domain):
            raise Unlike(_("il montrait un jeu d’un autre portail, %s") % piece.domain)
        dataset = self.datasets.get(piece.dataset)
        if dataset is None:
            raise Unlike(_("le jeu « %s » n’est pas en ligne ici") % piece.dataset)
        return dataset

    def shape(self, dataset: Dataset) -> TableShape:
        """Its columns."""
        if dataset.dataset_id not in self.shapes:
            self.shapes[dataset.dataset_id] = shape_of(dataset)
        return self.shapes[dataset.dataset_id]

    def _is_here(self, domain: str) -> bool:
        """A domain is told as a host, an address, or the first word of a host."""
        name = domain.partition("://")[2].partition("/")[0] or domain.strip("/")
        return name in (self.host, self.host.partition(".")[0]) or name.partition(":")[0] == self.host.partition(":")[0]


def block_of(piece: Piece, place: Place) -> Raw:
    """The block that shows what the widget showed; Unlike."""
    if piece.lost:
        raise Unlike(_("ce qu’il demandait est calculé par un script (%s)") % ", ".join(piece.lost[:10]))
    if piece.kind == "datasets":
        return _datasets(piece)
    make = _MAKERS.get(piece.kind)
    if make is None:
        raise Unlike(_("Parvis n’a pas de bloc de cette sorte"))
    dataset = place.dataset(piece)
    shape = place.shape(dataset)
    where = " and ".join(_conditions(piece.filters, shape))
    if len(where) > _LONGEST_CONDITION:
        raise Unlike(_("ses filtres sont trop longs"))
    return make(piece, dataset, shape, {"dataset": dataset.dataset_id, **({"where": where} if where else {})})


_LONGEST_CONDITION = 2_000


def note_of(piece: Piece, reason: str) -> Raw:
    """Words in the place of a widget: what was there, of which data, why it is not here."""
    settings = ", ".join(f"{name} = {value}" for name, value in piece.settings.items() if name != "title")
    filters = ", ".join(f"{name} = {' / '.join(values)}" for name, values in piece.filters.items())
    lines = [
        _("Ici se trouvait « %(widget)s »") % {"widget": piece.widget or piece.kind}
        + (_(", du jeu « %s »") % piece.dataset if piece.dataset else "")
        + (f" ({piece.url})" if piece.url else ""),
        *([_("Réglages : %s") % settings] if settings else []),
        *([_("Filtres : %s") % filters] if filters else []),
        *([_("Pourquoi il manque : %s.") % reason] if reason else []),
    ]
    text = "".join(f"<p>{escape(line[:1500])}</p>" for line in lines)
    return {"type": "callout", "value": {"tone": "warning", "title": _("À refaire"), "text": text}}


def _column(shape: TableShape, name: str, *, is_number: bool = False) -> Column:
    column = shape.get(name)
    if column is None:
        raise Unlike(_("la colonne « %s » n’est pas ici") % name)
    if is_number and not column.type.is_number:
        raise Unlike(_("la colonne « %s » n’est pas de nombres") % name)
    return column


def _title(piece: Piece) -> dict[str, str]:
    return {"title": piece.settings["title"][:160]} if piece.settings.get("title") else {}


def _table(piece: Piece, dataset: Dataset, shape: TableShape, value: Raw) -> Raw:
    names = [
        name for name in re.split(r"[\s,]+", piece.settings.get("displayed-fields", "")) if name and shape.get(name)
    ]
    order = (piece.filters.get("sort") or [piece.settings.get("sort", "")])[0]
    if order and shape.get(order.removeprefix("-")) is not None:
        # A bare name used to mean falling, one after a minus sign rising.
        value |= {"order": order.removeprefix("-"), "descending": not order.startswith("-")}
    return {"type": "table", "value": {**value, **_title(piece), "columns": ", ".join(names), "limit": 10}}


def _map(piece: Piece, dataset: Dataset, shape: TableShape, value: Raw) -> Raw:
    if dataset.current is None or not dataset.current.has_geometry:
        raise Unlike(_("le jeu n’a pas de lieux ici"))
    if piece.settings.get("display") in ("choropleth", "heatmap"):
        raise Unlike(_("une carte « %s » se règle à la main") % piece.settings["display"])
    colour = piece.settings.get("color-by-field", "")
    own = {"colour": colour} if colour and shape.get(colour) is not None else {}
    return {"type": "map", "value": {**value, **own, **_title(piece)}}


def _calculated(piece: Piece, shape: TableShape) -> dict[str, str]:
    function = (piece.settings.get("function-y") or "COUNT").upper()
    calculation = CALCULATIONS.get(function)
    if calculation is None:
        raise Unlike(_("le calcul « %s » n’est pas proposé ici") % function)
    if calculation == "count":
        return {"calculation": "count"}
    measure = _column(shape, piece.settings.get("expression-y", ""), is_number=True)
    return {"calculation": calculation, "measure": measure.name}


def _chart(piece: Piece, dataset: Dataset, shape: TableShape, value: Raw) -> Raw:
    settings = piece.settings
    if not settings.get("field-x"):
        raise Unlike(_("il ne dit pas son abscisse"))
    mark = MARKS.get(settings.get("chart-type") or "column")
    if mark is None or mark == "points":
        raise Unlike(_("le type de graphique « %s » n’est pas proposé ici") % settings.get("chart-type"))
    grouping = _column(shape, settings["field-x"])
    step = settings.get("timescale", "") if grouping.type in (ColumnType.DATE, ColumnType.DATETIME) else ""
    if step not in STEPS:
        raise Unlike(_("le pas de temps « %s » n’est pas proposé ici") % step)
    value |= {"mark": mark, "grouping": grouping.name, **_calculated(piece, shape), **_title(piece)}
    if STEPS[step]:
        value["step"] = STEPS[step]
    if settings.get("series-breakdown"):
        value["series"] = _column(shape, settings["series-breakdown"]).name
    most = settings.get("maxpoints", "")
    if most.isdecimal() and 0 < int(most[:9]) <= 2000:
        value["limit"] = int(most[:9])
    if settings.get("sort", "").lstrip("-").startswith("serie"):
        value["order"] = "value" if settings["sort"].startswith("-") else "-value"
    elif settings.get("sort") in ("x", "-x"):
        value["order"] = "group"
    return {"type": "chart", "value": value}


def _figure(piece: Piece, dataset: Dataset, shape: TableShape, value: Raw) -> Raw:
    label = piece.settings.get("title") or dataset.title
    return {"type": "figure", "value": {**value, **_calculated(piece, shape), "label": label[:160]}}


def _datasets(piece: Piece) -> Raw:
    return {"type": "datasets", "value": {**_title(piece), "datasets": [], "limit": 6}}


_MAKERS = {"table": _table, "map": _map, "chart": _chart, "figure": _figure}


def _conditions(filters: Mapping[str, Iterable[str]], shape: TableShape) -> Iterator[str]:
    """ODSQL of what a context kept: one value of a field is enough, all fields must hold."""
    for name, values in filters.items():
        if name == "sort":
            continue
        if name == "q":
            for words in values:
                if re.search(r'[:<>="()\[\]#]|\b(?:AND|OR|NOT|TO)\b', words):
                    raise Unlike(_("sa recherche « %s » est une formule") % words)
                yield f"search(*, {_quoted(words)})"
            continue
        column = _column(shape, name)
        parts = [_condition(column, value) for value in values]
        if parts:
            yield parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _condition(column: Column, value: str) -> str:
    name = f"`{column.name}`"
    if column.type in (ColumnType.DATE, ColumnType.DATETIME):
        period = _PERIOD.fullmatch(value)
        if period is None:
            raise Unlike(_("la date « %s » ne se lit pas") % value)
        try:
            first, end = _bounds(int(period[1]), int(period[2] or 0), int(period[3] or 0))
        except (ValueError, OverflowError):
            raise Unlike(_("la date « %s » ne se lit pas") % value) from None
        return f"({name} >= date'{first}' and {name} < date'{end}')"
    if column.type.is_number:
        if not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value):
            raise Unlike(_("« %s » n’est pas un nombre") % value)
        return f"{name} = {value}"
    if column.type is ColumnType.BOOLEAN:
        return f"{name} = {'true' if value.strip().lower() in ('true', '1', 'vrai') else 'false'}"
    return f"{name} = {_quoted(value)}"


def _bounds(year: int, month: int, day: int) -> tuple[date, date]:
    """The first day of a year, a month or a day, and the day after its last one."""
    first = date(year, month or 1, day or 1)
    last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    return first, last + timedelta(days=1)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
