"""Read a folder of real files as an import does, compare with an independent reader, and print who is read right, worst first.

``python scripts/league.py FOLDER`` reads the files of ``FOLDER/index.tsv`` (tab-separated, with a header), each in a confined child,
and prints two tables in Markdown: by kind of producer and by format. Columns of the index: ``path`` (in the folder), ``kind`` (of
producer), ``licence``; and, when a person has looked, ``repository``, ``verdict`` (``right`` when the differences are not errors,
``wrong``, ``skip`` when the file is no table) and ``persons`` (``yes`` when it holds private persons, whose publication must wait, or
``no``). ``--differences FILE`` writes what differs, line by line, to be looked at. No file is kept.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import independent_reader
import pyarrow.parquet
from independent_reader import Sheet, accepted_types, is_same

from parvis.core.children import Permits, call
from parvis.core.errors import DataError, RequestError
from parvis.core.formats.refusals import SeveralTables
from parvis.core.ingest import ingest
from parvis.core.privacy import PrivacyInspector
from parvis.core.versions.manifest import Manifest

SECONDS = 120.0
CELLS = 60_000
"""Rows of a column that are compared one by one."""
MEMORY = 4_000_000_000
ENDS = ("right", "wrong", "refused", "choice", "not compared", "skip")
"""``choice``: an archive of several tables, which the import lists and asks to choose from; it counts for nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index."""

    path: str
    kind: str
    licence: str
    repository: str = ""
    verdict: str = ""
    persons: str = ""

    @property
    def format(self) -> str:
        """What its name ends with: « .csv », « .shp.zip »."""
        ends = re.search(r"((?:\.[a-z]+)?\.(?:zip|gz)|\.\w+)$", self.path.lower())
        return ends[1] if ends else ""


@dataclass(slots=True)
class Reading:
    """How a file ended: one of ``ENDS``, what differs, whether its publication waits for what was seen of persons."""

    entry: Entry
    end: str = ""
    differences: list[str] = field(default_factory=list)
    stopped: bool = False

    @property
    def privacy(self) -> str:
        """Whether the gate was right, as far as somebody looked."""
        if not self.entry.persons:
            return "stops to judge" if self.stopped else ""
        if self.stopped:
            return "true stops" if self.entry.persons == "yes" else "false stops"
        return "missed" if self.entry.persons == "yes" and self.end not in ("refused", "choice") else ""


def entries(folder: Path) -> list[Entry]:
    """The index of a folder; KeyError when a column that is needed lacks."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    more = ("repository", "verdict", "persons")
    return [Entry(row["path"], row["kind"], row["licence"], *(row.get(name) or "" for name in more)) for row in rows]


def reading_of(entry: Entry, folder: Path) -> Reading:
    """Read one file in a confined child, and compare."""
    path = folder / entry.path
    reading = Reading(entry)
    if entry.verdict == "skip":
        reading.end = "skip"
        return reading
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        permits = Permits(path.name, (path,), (work,), SECONDS, MEMORY)
        inspectors = [PrivacyInspector()]
        try:
            manifest: Manifest = call(
                ingest,
                path,
                name=path.name,
                destination=work,
                work=work,
                version="v",
                inspectors=inspectors,
                copied=False,
                permits=permits,
            )
        except (DataError, RequestError) as refusal:
            reading.end = "choice" if refusal.code == SeveralTables.code else "refused"
            reading.differences = [refusal.code]
            return reading
        findings = manifest.checks["privacy"]["findings"]
        reading.stopped = any(finding["confidence"] != "possible" for finding in findings)
        _compare(reading, manifest, work / "v", path)
    return reading


def _compare(reading: Reading, manifest: Manifest, version: Path, path: Path) -> None:
    try:
        sheet = independent_reader.read(path)
    except Exception as error:  # noqa: BLE001 - a library that cannot read a file tells nothing of ours
        sheet = None
        reading.differences = [f"independent reader: {error!r}"[:200]]
    if sheet is None:
        reading.end = reading.entry.verdict or "not compared"
        return
    reading.differences = differences(sheet, manifest, version)
    reading.end = reading.entry.verdict or ("wrong" if reading.differences else "right")


def differences(sheet: Sheet, manifest: Manifest, version: Path) -> list[str]:
    """What a version says otherwise than the independent reader: rows, headers, types, cells."""
    expected, most = len(sheet.rows), manifest.rows + manifest.aside  # a line refused is a row that is not read
    lines = [] if manifest.rows <= expected <= most else [f"rows: {expected} expected, {manifest.rows} to {most} read"]
    parts = sorted(version.glob("part*.parquet"))
    table = pyarrow.parquet.read_table(parts).sort_by("__row") if parts else None
    headers = Counter(sheet.header)
    columns = {source: column for column in manifest.shape for source in _sources(manifest, column.name, column.label)}
    for rank, header in enumerate(sheet.header):
        if not header or headers[header] > 1:
            continue
        column = columns.get(header)
        if column is None:
            lines.append(f"header: « {header[:60]} » is in no column")
            continue
        cells, kind = sheet.column(rank), str(column.type)
        types = accepted_types(header, cells)
        if types and kind not in types and not (kind == "text" and header in sheet.texts):
            lines.append(f"type: « {header[:60]} » is {kind}, expected {' or '.join(sorted(types))}")
        if table is not None and len(cells) == table.num_rows and column.name in table.column_names:
            values = table.column(column.name)[:CELLS].to_pylist()
            other = [
                (cell, value) for cell, value in zip(cells, values, strict=False) if not is_same(cell, value, kind)
            ]
            if other:
                lines.append(
                    f"cells: {len(other)} of « {header[:60]} » differ, first {other[0][0][:40]!r} read {str(other[0][1])[:40]!r}"
                )
    return lines


def _sources(manifest: Manifest, name: str, label: str) -> set[str]:
    """What a column may be called in the file."""
    sources = manifest.parsing.get(name, {}).get("sources") or [label]
    return {" ".join(text.split()) for text in (*sources, label)} if len(sources) == 1 else set()


def markdown(readings: Sequence[Reading], key: str, title: str) -> str:
    """A table of how files ended by ``key`` of their entry, the worst first, all of them last."""
    groups: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.end == "skip":
            continue
        groups[str(getattr(reading.entry, key))].append(reading)
    rows = sorted(((_share(group), name, group) for name, group in groups.items()), key=lambda row: row[:2])
    heads = (
        title,
        "files",
        *ENDS[:-1],
        "right of compared or refused",
        "true stops",
        "false stops",
        "missed",
        "stops to judge",
    )
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [_line(name, group) for _share_of_it, name, group in rows]
    return "\n".join([*lines, _line("**all**", readings)])


def _share(group: Iterable[Reading]) -> float:
    ends = Counter(reading.end for reading in group)
    counted = ends["right"] + ends["wrong"] + ends["refused"]
    return ends["right"] / counted if counted else 1.0


def _line(name: str, group: Sequence[Reading]) -> str:
    ends, stops = Counter(reading.end for reading in group), Counter(reading.privacy for reading in group)
    numbers = [len(group) - ends["skip"], *(ends[end] for end in ENDS[:-1])]
    gate = [stops[name] for name in ("true stops", "false stops", "missed", "stops to judge")]
    return f"| {' | '.join(map(str, [name, *numbers, f'{100 * _share(group):.1f} %', *gate]))} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """The league."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="files and their index.tsv")
    parser.add_argument("--differences", type=Path, help="where to write what differs")
    parser.add_argument("--only", default="", help="a regular expression of paths")
    options = parser.parse_args(arguments)
    index = [entry for entry in entries(options.folder) if re.search(options.only, entry.path)]
    readings = [reading_of(entry, options.folder) for entry in index]
    if options.differences:
        lines = [f"{r.entry.path}\t{r.end}\t{r.privacy}\t{line}" for r in readings for line in r.differences or [""]]
        options.differences.write_text("\n".join(lines) + "\n", encoding="utf-8")
    repositories = len({entry.repository for entry in index if entry.repository})
    sys.stdout.write(f"{len(index)} files" + (f" of {repositories} repositories" if repositories else "") + "\n\n")
    for key, title in (("kind", "producer"), ("format", "format")):
        sys.stdout.write(markdown(readings, key, title) + "\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
