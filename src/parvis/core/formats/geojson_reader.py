"""GeoJSON: features with their properties as written, whatever reference system they announce."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from parvis.core.formats.csv_layout import open_text
from parvis.core.formats.geometry import HEADER, WGS84, locate, plain_crs
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.json_reader import TELLING, Keys, prepared_json
from parvis.core.formats.json_text import JsonText, cell_text
from parvis.core.formats.refusals import NoTable
from parvis.core.formats.sample import Sample
from parvis.core.formats.sink import Sink, staged_name
from parvis.core.staging import Note, StagedColumn, StagedTable

_TYPE = re.compile(r'"type"\s*:\s*"(FeatureCollection|Feature)"')
_TYPES = ("FeatureCollection", "Feature")
_TOKEN = re.compile(r'"(?P<key>(?:[^"\\]|\\.)*+)"\s*:|"(?P<word>(?:[^"\\]|\\.)*+)"|[{}]')
_START = re.compile(r"[\s\x1e\[]*\{")
_OWN = frozenset({"type", "properties", "geometry", "bbox"})


def is_geojson(sample: Sample) -> bool:
    """True for features: in a collection, alone, in a list or one a line; not for records that hold one in a cell."""
    return bool(_START.match(sample.text) and _TYPE.search(sample.text)) and _has_features_on_top(sample.text)


def _has_features_on_top(text: str) -> bool:
    """Whether an outer object, or one of its ``features``, says that it is a feature or a collection of them."""
    above: list[str] = []
    key = ""
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign == "{":
            above.append(key)
        elif sign == "}":
            key = above.pop() if above else ""
        elif token["key"]:
            key = token["key"]
        elif key == "type" and token["word"] in _TYPES and above in ([""], ["", "features"]):
            return True
    return False


class _Features:
    """The features of a text, one by one, with the members of their collection that were met on the way."""

    def __init__(self, text: JsonText, sink: Sink) -> None:
        self._text, self._sink = text, sink
        self.crs: Any = None

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        if self._text.peek() == "[":
            for rank, (_, feature) in enumerate(self._text.elements(), start=1):
                yield rank, feature
            return
        rank = 0
        while self._text.peek():
            for feature in self._object():
                rank += 1
                yield rank, feature

    def _object(self) -> Iterator[Any]:
        """A collection gives its features; anything else is given whole."""
        whole: dict[str, Any] = {}
        streamed = False
        for key in self._text.keys():  # noqa: SIM118 - a cursor, not a dictionary
            if key == "features" and self._text.peek() == "[":
                streamed = True
                for _, feature in self._text.elements():
                    yield feature
            else:
                whole[key] = self._text.value()
        self.crs = whole.get("crs") or self.crs
        if not streamed:
            yield whole


def read_geojson(job: Job) -> Outcome:
    """Stage features: their properties, their identifier, and ``geometry`` as the last column, in WGS 84."""
    text = prepared_json(job)
    sink = Sink(job.workspace, job.name, job.limits)
    keys = Keys(sink, job)
    total = text.path.stat().st_size
    with open_text(text) as stream:
        source = JsonText(stream, job.name, job.limits)
        features = _Features(source, sink)
        for count, (rank, feature) in enumerate(features):
            if not count % TELLING:
                job.progress("read", stream.buffer.tell(), total)
            record = _record(feature)
            if record is None:
                sink.reject(rank, "not-a-feature", cell_text(feature, job.name, job.limits) or "null")
            else:
                keys.add(rank, record)
    if not keys.headers:
        raise NoTable(file=job.name)
    notes = list(text.notes)
    if source.duplicates:
        notes.append(Note("duplicate-keys", {"count": source.duplicates}))
    crs = _crs_name(features.crs) or WGS84
    staged = _with_geometry(job, sink.finish(keys.headers, notes, keys.hints), crs)
    return staged, {"encoding": text.encoding, "crs": plain_crs(crs)}


_GEOMETRY_KEY = "\0geometry"
"""Key of the geometry among the properties while reading: no property can be called so."""


def _record(feature: Any) -> Mapping[str, Any] | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return None
    properties = feature.get("properties")
    extra = {key: value for key, value in feature.items() if key not in _OWN}
    record = dict(properties) if isinstance(properties, dict) else {}
    record |= {key: value for key, value in extra.items() if key not in record}
    record[_GEOMETRY_KEY] = feature.get("geometry")
    return record


def _crs_name(crs: Any) -> str | None:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None


def _with_geometry(job: Job, staged: StagedTable, crs: str) -> StagedTable:
    """Put the geometry last, as GEOMETRY."""
    rank = next((rank for rank, column in enumerate(staged.columns) if column.header == _GEOMETRY_KEY), None)
    if rank is None:
        return staged
    column = staged_name(rank)
    located = locate(job.workspace, column, f"ST_GeomFromGeoJSON({column})", crs, job.name)
    others = tuple(other for other in staged.columns if other.name != column)
    header = HEADER if all(other.header != HEADER for other in others) else "geometry (GeoJSON)"
    columns = (*others, StagedColumn(column, header, located.hint))
    return StagedTable(columns, staged.rows, staged.rejects, (*staged.notes, *located.notes))
