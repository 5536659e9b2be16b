"""JSON: records wherever they are, keys as headers in the order in which they are first met."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.formats.csv_layout import open_text
from parvis.core.formats.encodings import PreparedText, prepare_text
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.json_shape import find_place, records_at
from parvis.core.formats.json_text import ExactNumber, JsonText, cell_text
from parvis.core.formats.refusals import NoTable
from parvis.core.formats.sample import Sample
from parvis.core.formats.sink import Sink
from parvis.core.staging import Note, StagedTable

_START = re.compile(r'[\s\x1e]*(\{\s*["}]|\[\s*([\[{"\]\d-]|true|false|null))')
_POINT = frozenset({"lon", "lat"})
_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
TELLING = 2_000


def is_json(sample: Sample) -> bool:
    """True when the text begins as an object or a list does."""
    return _START.match(sample.text) is not None


def prepared_json(job: Job) -> PreparedText:
    """The text in UTF-8; JSON may well be one endless line."""
    size = job.path.stat().st_size
    return prepare_text(
        job.path,
        job.workspace.folder,
        job.options.encoding,
        job.name,
        job.limits,
        lambda _: job.progress("read", 0, size),
        endless=True,
    )


class Keys:
    """Columns by key, in the order of their first appearance, with the kinds of values seen under each."""

    def __init__(self, sink: Sink, job: Job) -> None:
        self._sink, self._job = sink, job
        self._ranks: dict[str, int] = {}
        self._kinds: list[set[str]] = []

    @property
    def headers(self) -> list[str]:
        """The keys."""
        return list(self._ranks)

    @property
    def hints(self) -> list[ColumnType | None]:
        """The type each column declares by its values; None for texts and mixtures."""
        return [_hint(kinds) for kinds in self._kinds]

    def add(self, line: int, record: Mapping[str, Any]) -> None:
        """One record as one row."""
        cells: list[str | None] = [None] * len(self._ranks)
        size = 0
        for key, value in record.items():
            rank = self._ranks.get(key)
            if rank is None:
                rank = self._ranks[key] = len(self._ranks)
                self._kinds.append(set())
                self._sink.widen(rank + 1)
                cells.append(None)
            text = cell_text(value, self._job.name, self._job.limits)
            if text is not None:
                cells[rank] = text
                size += len(text)
                self._kinds[rank].add(_kind(value))
        self._sink.add(line, cells, size)

    def finish(self, notes: Sequence[Note]) -> StagedTable:
        """Write what is pending; the staged table."""
        return self._sink.finish(self.headers, notes, self.hints)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, ExactNumber)):
        return "int" if isinstance(value, int) else "double"
    if isinstance(value, str):
        return "text"
    is_place = isinstance(value, dict) and (str(value.get("type")) in _GEOMETRIES or value.keys() >= _POINT)
    is_pair = isinstance(value, list) and len(value) == 2 and all(isinstance(part, (int, float)) for part in value)
    return "place" if is_place or is_pair else "nested"


_HINTS: dict[frozenset[str], ColumnType] = {
    frozenset({"int"}): ColumnType.INT,
    frozenset({"double"}): ColumnType.DOUBLE,
    frozenset({"int", "double"}): ColumnType.DOUBLE,
    frozenset({"boolean"}): ColumnType.BOOLEAN,
    frozenset({"nested"}): ColumnType.JSON,
    frozenset({"nested", "place"}): ColumnType.JSON,
}


def _hint(kinds: set[str]) -> ColumnType | None:
    return _HINTS.get(frozenset(kinds))


def read_json(job: Job) -> Outcome:
    """Stage the records of a JSON text; what is no record is refused with its rank or line."""
    text = prepared_json(job)
    with open_text(text) as stream:
        place = find_place(JsonText(stream, job.name, job.limits), job.options.json_path)
    sink = Sink(job.workspace, job.name, job.limits)
    keys = Keys(sink, job)
    enveloped = 0
    total = text.path.stat().st_size
    with open_text(text) as stream:
        source = JsonText(stream, job.name, job.limits)
        broken = lambda line, content: sink.reject(line, "broken-json", content)  # noqa: E731
        for count, (line, value) in enumerate(records_at(source, place, broken)):
            if not count % TELLING:
                job.progress("read", stream.buffer.tell(), total)
            record = _record(value)
            if record is None:
                sink.reject(line, "not-an-object", cell_text(value, job.name, job.limits) or "null")
                continue
            enveloped += record is not value and isinstance(value, dict)
            keys.add(line, record)
    if not keys.headers:
        raise NoTable(file=job.name)
    notes = [*text.notes, *_notes(source, enveloped)]
    reading = {"encoding": text.encoding, "json_path": place.dotted, "shape": str(place.shape)}
    return sink.finish(keys.headers, notes, keys.hints), reading


def _notes(source: JsonText, enveloped: int) -> list[Note]:
    counts = {"duplicate-keys": source.duplicates, "not-a-number": source.not_numbers, "envelope-dropped": enveloped}
    return [Note(code, {"count": count}) for code, count in counts.items() if count]


def _record(value: Any) -> Mapping[str, Any] | None:
    """The record in ``value``, out of the envelope of an Opendatasoft API if it has one; None when there is no object."""
    if not isinstance(value, dict):
        return None if isinstance(value, list) or value is None else {"valeur": value}
    inner = value.get("record", value) if set(value) <= {"record", "links"} else value
    fields = inner.get("fields") if isinstance(inner, dict) else None
    if not isinstance(fields, dict) or not inner.keys() & {"recordid", "datasetid", "record_timestamp", "timestamp"}:
        return value
    if inner.get("geometry") is not None and "geometry" not in fields:
        return {**fields, "geometry": inner["geometry"]}
    return fields
