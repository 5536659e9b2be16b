"""``parvis export``: a dataset into a file."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from parvis.config.cli.files import whole_file
from parvis.core.errors import DataError
from parvis.core.explore import ExploreRequest, InvalidParameter, export
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue import selectors
from parvis.hub.datastore.selectors import described_source, engine, export_setting, original_name, source_of
from parvis.hub.store import store

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

PIECE = 1 << 20
SECONDS = 600.0
"""Longest wait for the next rows: nobody else waits for the command."""


class NothingToExport(DataError):
    """The dataset has no version that is online."""

    code: ClassVar[str] = "nothing-to-export"
    sentence: ClassVar[str] = gettext_noop("« {title} » n’a pas encore de données publiées : il n’y a rien à écrire.")
    advice: ClassVar[str] = gettext_noop("Importez un fichier, ou publiez le jeu (parvis datasets publish).")


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
    if dataset.current is None:
        raise NothingToExport(title=dataset.title)
    if args.format == "original":
        return _file(original_name(dataset, dataset.current))
    pairs = [("where", args.where)] if args.where else []
    pairs += [_parameter(text) for text in args.parameter]
    source = described_source(dataset, dataset.current) or source_of(dataset)
    request = ExploreRequest.from_query(pairs)
    return export(engine(), source, args.format, request, seconds=SECONDS, setting=export_setting(dataset))


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidParameter(name="--parameter", value=text, expected="NAME=VALUE")
    return name.strip(), value


def _file(name: str) -> Iterator[bytes]:
    with store().open(name) as stream:
        while piece := stream.read(PIECE):
            yield piece
