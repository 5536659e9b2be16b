"""``parvis export``: a dataset into a file."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from parvis.core.explore import ExploreRequest, export
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue import selectors
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.selectors import engine, original_path, source_of

PIECE = 1 << 20


def run(args: Namespace) -> None:
    """Write the dataset, whole or filtered, to a file or to the standard output."""
    dataset = selectors.dataset(OPERATOR, args.dataset_id)
    pieces = _pieces(dataset, args)
    if args.output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    write_whole(Path(args.output), pieces)


def _pieces(dataset: Dataset, args: Namespace) -> Iterable[bytes]:
    if args.format == "original":
        return _file(original_path(dataset, dataset.current))
    request = ExploreRequest(where=(args.where,) if args.where else ())
    return export(engine(), source_of(dataset), args.format, request)


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def write_whole(target: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that appears under its name only once whole; an error leaves no half of it."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
        shutil.copymode(target, name) if target.exists() else Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
