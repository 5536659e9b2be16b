"""What an import set apart, kept beside each version: lines that could not become a row, contents of emptied cells, failures of steps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pyarrow.parquet as pq

from parvis.core.errors import NotFound
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.aside_words import step_labels, worded_cells, worded_headers
from parvis.hub.store import manifest_of, store, version_name

REJECTED, EMPTIED, OVERLAID, FAILED = "ecartees", "videes", "contributions", "echecs"
SIDE_FILES = {
    REJECTED: "rejects.parquet",
    EMPTIED: "nulled.parquet",
    OVERLAID: "overlay.parquet",
    FAILED: "failures.parquet",
}
"""The files by their name in addresses."""


def side_file(dataset: Dataset, version: Version, name: str) -> BinaryIO:
    """The file of that name of a version, open; NotFound when nothing was set apart."""
    if name not in SIDE_FILES:
        raise NotFound(name=name)
    try:
        return store().open(f"{version_name(dataset.uid, version.name)}/{SIDE_FILES[name]}")
    except NotFound as error:
        raise NotFound(name=name) from error


def first_rows(opened: BinaryIO, most: int) -> list[dict[str, Any]]:
    """The first rows of such a file, by line."""
    with opened, pq.ParquetFile(opened) as file:
        for batch in file.iter_batches(batch_size=most):
            return batch.to_pylist()
    return []


def all_rows(opened: BinaryIO) -> list[dict[str, Any]]:
    """Every row of such a file, one that its maker bounds."""
    with opened, pq.ParquetFile(opened) as file:
        return [row for batch in file.iter_batches(batch_size=5_000) for row in batch.to_pylist()]


def as_csv(dataset: Dataset, version: Version, name: str) -> Iterator[bytes]:
    """The whole file as CSV with semicolons, in UTF-8 with the mark that spreadsheets look for; reasons and steps in words besides
    their codes. NotFound when nothing was set apart."""
    return _written(side_file(dataset, version, name), step_labels(manifest_of(dataset.uid, version.name).lineage))


def _written(opened: BinaryIO, steps: list[str]) -> Iterator[bytes]:
    with opened, pq.ParquetFile(opened) as file:
        yield ("\ufeff" + _line(worded_headers(file.schema_arrow.names))).encode()
        for batch in file.iter_batches(batch_size=5_000):
            yield "".join(_line(worded_cells(row, steps)) for row in batch.to_pylist()).encode()


def _line(values: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow(values)
    return buffer.getvalue()
