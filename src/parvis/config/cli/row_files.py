"""The rows of a file to push, and what became of them, as the command line reads and tells them."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from parvis.config.cli.main import DONE, WRONG
from parvis.config.cli.progress import counted
from parvis.core.errors import NotFound
from parvis.core.rowlog.received import NoRows
from parvis.core.translation import Sentence, gettext_noop

AT_ONCE = 1_000
"""Rows of one batch."""
SHOWN = 20
"""Refused rows that are told one by one."""
_NO_ROW = "?"
"""No dataset has a column of that name: what is no row is refused with its reason, at its rank."""


def rows_of_file(place: str) -> Iterator[dict[str, Any]]:
    """The rows of a file, in order: JSON, one JSON object a line, or CSV, in UTF-8."""
    path = Path(place)
    if not path.is_file():
        raise NotFound(name=place)
    read = {".json": _of_json, ".jsonl": _of_lines, ".ndjson": _of_lines}.get(path.suffix.lower(), _of_csv)
    try:
        yield from read(path)
    except UnicodeDecodeError as error:
        place_of_error = {"place": error.start}
        raise NoRows(reason=Sentence(gettext_noop("l’octet {place} n’est pas de l’UTF-8"), place_of_error)) from error
    except (ValueError, csv.Error) as error:
        raise NoRows(reason=str(error)) from error


def _of_json(path: Path) -> Iterator[dict[str, Any]]:
    body = json.loads(path.read_text(encoding="utf-8-sig"))
    for row in body if isinstance(body, list) else [body]:
        yield row if isinstance(row, dict) else {_NO_ROW: str(row)}


def _of_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as stream:
        for line in filter(str.strip, stream):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            yield row if isinstance(row, dict) else {_NO_ROW: line.strip()[:80]}


def _of_csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline()
        stream.seek(0)
        separator = max(";,\t", key=first.count)
        for row in csv.DictReader(stream, delimiter=separator, restkey=_NO_ROW):
            # A cell that is not there is none that is empty: it would empty that of the row to merge.
            is_whole = _NO_ROW not in row and None not in row.values()
            yield row if is_whole else {_NO_ROW: separator.join(str(cell) for cell in row.values() if cell)[:80]}


def report_batches(args: Namespace, receipts: Iterable[dict[str, Any]]) -> int:
    """Say what became of the batches, each refused row by its rank in the file; DONE, or WRONG when there is one."""
    taken = {"put": 0, "deleted": 0, "refused": 0}
    refusals: list[dict[str, Any]] = []
    for receipt in receipts:
        before = sum(taken.values())
        refusals += [{**row, "row": row["row"] + before} for row in receipt["refusals"]]
        for what in taken:
            taken[what] += receipt[what]
    if args.json:
        print(json.dumps({"dataset_id": args.dataset_id, **taken, "refusals": refusals}, ensure_ascii=False))
    else:
        deleted = f", {counted(taken['deleted'], 'ligne retirée')}" if taken["deleted"] else ""
        refused = f", {counted(taken['refused'], 'ligne refusée')}" if taken["refused"] else ""
        print(f"{args.dataset_id} : {counted(taken['put'], 'ligne prise')}{deleted}{refused}")
        for row in refusals[:SHOWN]:
            where = f", {row['column']}" if row.get("column") else ""
            print(f"  ligne {row['row']}{where} : {row['message']}")
    return WRONG if taken["refused"] else DONE
