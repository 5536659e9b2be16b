"""The territories as tables that steps of preparation read in confined children; made when they are first asked for, and anew
whenever the reference changes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parvis.core.columns import TableShape
from parvis.core.transforms.model import SideTable
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.store import references_name, store
from parvis.hub.territories.selectors import FACTS, commune_contours, reference_stamp, territories, territory_facts
from parvis.hub.territories.services import load_reference

_BATCH = 2_000


def territory_table() -> SideTable:
    """Every territory: kind, code, name, what it is part of, population, postcodes, former codes."""
    return _table("territories", _write_territories)


def contour_table() -> SideTable:
    """Where each commune lies: its code and its contour as WKB."""
    return _table("contours", _write_contours)


def _table(word: str, write: Callable[[Path], None]) -> SideTable:
    if not territories().exists():  # an instance that was never served, nor told its territory
        load_reference(OPERATOR)
    stamp = reference_stamp()
    name = references_name(f"{word}-{stamp}.parquet")
    files = store()
    with files.alone(name):  # two imports that ask at once make it once
        if not files.exists(name):
            with tempfile.TemporaryDirectory(prefix="reference-", dir=process_folder()) as folder:
                path = Path(folder, "table.parquet")
                write(path)
                for former in files.children(references_name()):
                    if former.startswith(f"{word}-"):
                        files.delete(references_name(former))
                files.put(name, path)
    return SideTable((files.local(name),), TableShape(()), word, stamp)


def _write_territories(path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 of imports with such a step alone
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = territory_facts()
    texts = {name: pa.string() for name in FACTS[:6]}
    lists = dict.fromkeys(("postcodes", "former_codes"), pa.list_(pa.string()))
    types: dict[str, Any] = {**texts, "population": pa.int64(), **lists}
    pq.write_table(pa.table({name: pa.array([row[name] for row in rows], types[name]) for name in FACTS}), path)


def _write_contours(path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 of imports with such a step alone
    import pyarrow.parquet as pq  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    schema = pa.schema({"code": pa.string(), "wkb": pa.binary()})
    pairs = commune_contours(_BATCH)
    with pq.ParquetWriter(path, schema) as writer:
        while batch := [pair for _rank, pair in zip(range(_BATCH), pairs, strict=False)]:
            shapes = shapely.make_valid(shapely.from_geojson([geojson for _code, geojson in batch]))
            writer.write_batch(
                pa.record_batch(
                    [pa.array([code for code, _g in batch]), pa.array(shapely.to_wkb(shapes))], schema=schema
                )
            )
