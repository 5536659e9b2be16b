"""What a chart is: a few words, the questions it asks of datasets, how the answers are drawn. A value, kept as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from typing import Any

from parvis.core.charts.errors import BadDescription
from parvis.core.charts.marks import CALCULATIONS, MARKS, ORDERS, RATES, STEPS, TERRITORIES, Calculation, Mark

FORMAT = 1
"""Version of the shape of ``to_dict``; a later one will read the former ones."""

MOST_SOURCES = 8
MOST_CONDITIONS = 20
LONGEST_TEXT = 300
LONGEST_ODSQL = 4_000
LARGEST_JSON = 64_000

_NAME = re.compile(r"[a-z0-9_]{0,200}")
_DATASET = re.compile(r"[a-z0-9][a-z0-9_-]{0,199}")


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """One question to one dataset.

    Columns are technical names. Usually ``measure``, ``grouping`` and ``series`` are columns and the ODSQL is made from
    them. When ``select`` is written by hand, it is asked as it is (with ``group_by`` and ``order_by``), and the three name
    keys of its answer.
    """

    dataset: str
    """Public identifier of the dataset."""
    calculation: str = "count"
    """What is computed for each group, of those of ``CALCULATIONS``."""
    measure: str = ""
    """Column of numbers that is calculated; empty when rows are counted."""
    grouping: str = ""
    """Column whose values are the groups: the bars, the moments of a line, the parts of a pie."""
    step: str = ""
    """For a grouping by date, one of ``STEPS``; for a histogram, the width of a bar as a decimal number."""
    series: str = ""
    """Column whose values are the series: colours, panels, columns of a heat map, ends of flows."""
    against: str = ""
    """For points, the column of numbers along the horizontal axis."""
    where: tuple[str, ...] = ()
    """Conditions in ODSQL; all must hold."""
    label: str = ""
    """Name of the series when several sources are drawn together."""
    select: str = ""
    """ODSQL written by hand, instead of what the columns would make."""
    group_by: str = ""
    """The same, with ``select``."""
    order_by: str = ""
    """The same."""
    limit: int = 0
    """Most groups kept, those of largest values first; 0 for as many as the type can show."""
    version: str = ""
    """A version of the dataset; empty for the current one."""
    territory: str = ""
    """For a grouping (else series) by codes of territories: the level they are called by name at, and brought together to;
    empty to show codes as they are."""
    per: str = ""
    """What the measure is related to, one of ``RATES``: 1,000 inhabitants, a square kilometre; empty for nothing."""

    @property
    def is_written_by_hand(self) -> bool:
        """Whether the question is asked as it is written."""
        return bool(self.select)

    @property
    def calculated(self) -> Calculation:
        """The row of its calculation."""
        return CALCULATIONS[self.calculation]


@dataclass(frozen=True, slots=True)
class ChartDescription:
    """A chart: the same value makes the questions, the drawing, the sentence and the table."""

    mark: str
    """A type, of those of ``MARKS``."""
    sources: tuple[SeriesSource, ...]
    """Its questions: one, or several for the types that take several datasets."""
    title: str = ""
    """What is seen; made from the columns when empty."""
    subtitle: str = ""
    """Unit and period, for instance."""
    unit: str = ""
    """Of the measure; the column's own unit when empty."""
    decimals: int | None = None
    """Of the values written; chosen from their size when None."""
    order: str = ""
    """Of the groups: ``-value`` largest first, ``value`` smallest first, ``group`` their own; the type's usual one when empty."""
    stacked: bool = True
    """For bars with series: one upon another, or side by side."""
    palette: str = ""
    """``categorical``, ``sequential`` or ``diverging``; the type's usual one when empty."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Titles of the axes, by role (``grouping``, ``series``, ``measure``, ``against``), instead of the columns' labels."""

    @property
    def type(self) -> Mark:
        """The row of its type."""
        return MARKS[self.mark]

    @property
    def main_dataset(self) -> str:
        """The identifier of the first dataset it asks."""
        return self.sources[0].dataset

    @property
    def datasets(self) -> list[str]:
        """Identifiers of the datasets it asks, sorted, each once."""
        return sorted({source.dataset for source in self.sources})

    def with_changes(self, **changes: Any) -> ChartDescription:
        """A copy with some attributes replaced, checked."""
        return checked(replace(self, **changes))

    def to_dict(self) -> dict[str, Any]:
        """The JSON object kept and shown by the API: ``format``, then what differs from the defaults."""
        body = _told(self)
        body["sources"] = [_told(source) for source in self.sources]
        return {"format": FORMAT, **body}

    def to_json(self) -> str:
        """The text of ``to_dict``, the same for equal descriptions."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_dict(cls, body: object) -> ChartDescription:
        """The description that an object says, whoever wrote it; BadDescription names what is wrong."""
        if not isinstance(body, Mapping):
            raise BadDescription(name="/", value=_shown(body), expected="un objet JSON")
        if body.get("format", FORMAT) != FORMAT:
            raise BadDescription(name="format", value=_shown(body.get("format")), expected=FORMAT)
        rows = body.get("sources")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_SOURCES:
            raise BadDescription(name="sources", value=_shown(rows), expected=f"1 – {MOST_SOURCES}")
        sources = tuple(_read(SeriesSource, row, f"sources[{rank}].") for rank, row in enumerate(rows))
        rest = {name: value for name, value in body.items() if name not in ("format", "sources")}
        return checked(_read(cls, {**rest, "sources": sources}, ""))

    @classmethod
    def from_json(cls, text: str) -> ChartDescription:
        """The description that a JSON text says; BadDescription when it says none."""
        if len(text) > LARGEST_JSON:
            raise BadDescription(name="/", value=f"{len(text)}", expected=f"{LARGEST_JSON} caractères au plus")
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadDescription(name="/", value=_shown(text), expected="JSON") from error
        return cls.from_dict(body)


def checked(description: ChartDescription) -> ChartDescription:
    """The same description when every word of it is known and short enough; BadDescription otherwise.

    Whether its columns exist is told by ``questions``, which knows the datasets.
    """
    _among(description.mark, MARKS, "mark")
    _among(description.order, ORDERS, "order")
    _among(description.palette, ("", "categorical", "sequential", "diverging"), "palette")
    if description.decimals is not None and not 0 <= description.decimals <= 6:
        raise BadDescription(name="decimals", value=description.decimals, expected="0 – 6")
    for name in ("title", "subtitle", "unit"):
        _short(getattr(description, name), LONGEST_TEXT, name)
    for role, text in description.labels.items():
        _among(role, ("grouping", "series", "measure", "against"), "labels")
        _short(text, LONGEST_TEXT, f"labels.{role}")
    if not 1 <= len(description.sources) <= MOST_SOURCES:
        raise BadDescription(name="sources", value=len(description.sources), expected=f"1 – {MOST_SOURCES}")
    if len(description.sources) > 1 and not description.type.several_sources:
        several = ", ".join(mark.name for mark in MARKS.values() if mark.several_sources)
        raise BadDescription(name="mark", value=description.mark, expected=several)
    for rank, source in enumerate(description.sources):
        _check_source(source, f"sources[{rank}].", is_histogram=description.mark == "histogram")
    return description


def _check_source(source: SeriesSource, place: str, *, is_histogram: bool) -> None:
    if not _DATASET.fullmatch(source.dataset):
        raise BadDescription(name=f"{place}dataset", value=_shown(source.dataset), expected="[a-z0-9_-]+")
    _among(source.calculation, CALCULATIONS, f"{place}calculation")
    if not source.is_written_by_hand:
        for name in ("measure", "grouping", "series", "against"):
            if not _NAME.fullmatch(getattr(source, name)):
                raise BadDescription(name=place + name, value=_shown(getattr(source, name)), expected="[a-z0-9_]+")
    if is_histogram and source.step:
        _width(source.step, f"{place}step")
    elif not is_histogram:
        _among(source.step, ("", *STEPS), f"{place}step")
    for name, allowed in (("territory", TERRITORIES), ("per", RATES)):
        _among(getattr(source, name), ("", *({} if source.is_written_by_hand else allowed)), place + name)
    if len(source.where) > MOST_CONDITIONS:
        raise BadDescription(name=f"{place}where", value=len(source.where), expected=f"0 – {MOST_CONDITIONS}")
    for text in (*source.where, source.select, source.group_by, source.order_by):
        _short(text, LONGEST_ODSQL, f"{place}where, select, group_by, order_by")
    _short(source.label, LONGEST_TEXT, f"{place}label")
    _short(source.version, 40, f"{place}version")
    if not 0 <= source.limit <= 2_000:
        raise BadDescription(name=f"{place}limit", value=source.limit, expected="0 – 2000")


def _width(text: str, name: str) -> None:
    if not re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text, re.ASCII) or not float(text):
        raise BadDescription(name=name, value=_shown(text), expected="10, 0.5, 2000…")


def _among(value: str, allowed: Any, name: str) -> None:
    if value not in allowed:
        raise BadDescription(name=name, value=_shown(value), expected=", ".join(filter(None, allowed)))


def _short(text: str, most: int, name: str) -> None:
    if len(text) > most:
        raise BadDescription(name=name, value=_shown(text), expected=f"{most} caractères au plus")


def _told(value: Any) -> dict[str, Any]:
    """The attributes of a dataclass that are not at their default."""
    body = asdict(value)
    told = {}
    for one in fields(value):
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if body[one.name] != default:
            told[one.name] = list(body[one.name]) if isinstance(body[one.name], tuple) else body[one.name]
    return told


def _read[T](kind: type[T], row: object, place: str) -> T:
    if not isinstance(row, Mapping):
        raise BadDescription(name=place.rstrip("."), value=_shown(row), expected="un objet JSON")
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name not in known:
            raise BadDescription(name=place + str(name)[:80], value=_shown(value), expected=", ".join(known))
        reader = _READERS.get(str(known[name].type))
        if reader is not None and not reader(value):
            raise BadDescription(name=place + name, value=_shown(value), expected=known[name].type)
        values[name] = tuple(value) if isinstance(value, list) else value
    for name, one in known.items():
        if name not in values and one.default is MISSING and one.default_factory is MISSING:
            raise BadDescription(name=place + name, value="—", expected=one.type)
    return kind(**values)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


_READERS: Mapping[str, Callable[[object], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "int | None": lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool)),
    "bool": lambda value: isinstance(value, bool),
    "tuple[str, ...]": _is_texts,
    "Mapping[str, str]": lambda value: isinstance(value, dict) and _is_texts([*value, *value.values()]),
}
"""How a value of JSON is checked, by the type of the attribute."""


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
