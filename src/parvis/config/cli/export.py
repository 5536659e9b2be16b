"""``parvis export``: a dataset into a file."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from parvis.config.cli.files import whole_file
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
    with whole_file(Path(args.output)) as stream:
        for piece in pieces:
            stream.write(piece)


def _pieces(dataset: Dataset, args: Namespace) -> Iterable[bytes]:
    if args.format == "original":
        return _file(original_path(dataset, dataset.current))
    request = ExploreRequest(where=(args.where,) if args.where else ())
    return export(engine(), source_of(dataset), args.format, request)


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
