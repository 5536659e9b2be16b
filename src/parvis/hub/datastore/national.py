"""Steps that geocode by the national service: a child, which has no network, says what it needs, and begins again with the answers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.core.columns import TableShape
from parvis.core.progress import Progress, no_progress
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.model import NATIONAL
from parvis.core.transforms.preparation.national import (
    PARTIAL,
    AddressesToAsk,
    Parts,
    read_addresses,
    write_answers,
)
from parvis.hub.datastore.side_tables import SideTables
from parvis.hub.geocoding.services import answers_for
from parvis.hub.jobs.process_locks import process_folder

MOST_ROUNDS = 10
"""Steps of one recipe that ask the service."""
PREVIEWED = 50
"""Addresses that a preview sends to the service at most."""


class _Unanswered(Exception):
    def __init__(self, addresses: list[Parts]) -> None:
        super().__init__()
        self.addresses = addresses


@contextmanager
def unanswered(work: Path) -> Iterator[None]:
    """Around what runs steps in a child: the addresses that it left in its folder are had before the folder goes."""
    try:
        yield
    except AddressesToAsk as error:
        raise _Unanswered(read_addresses(work)) from error


def answered[T](
    side: SideTables, run: Callable[[SideTables], T], *, most: int | None = None, progress: Progress = no_progress
) -> T:
    """What ``run`` gives once every address it needs has an answer; with ``most``, no more are asked than that."""
    if NATIONAL not in side.tables:
        return run(side)
    with tempfile.TemporaryDirectory(prefix="answers-", dir=process_folder()) as folder:
        for turn in range(MOST_ROUNDS):
            try:
                return run(side)
            except _Unanswered as error:
                answers = answers_for(error.addresses, most=most, progress=progress)
                path = Path(folder, f"{turn}.parquet")
                write_answers(path, answers.places)
                table = side.tables[NATIONAL]
                version = PARTIAL if answers.is_partial else table.version
                table = SideTable((*table.files, path), TableShape(()), NATIONAL, version)
                side = SideTables({**side.tables, NATIONAL: table})
        return run(side)
