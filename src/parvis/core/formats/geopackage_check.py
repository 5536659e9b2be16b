"""What a GeoPackage would make its reader run: only plain tables may be in it.

A GeoPackage is a database, whose views and computed columns are programs of anyone who made it. GDAL asks every one of them what its
columns are, even when it reads another layer, and nothing stops a view that never ends.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from parvis.core.formats.refusals import BrokenFile, ComputedLayer

MOST_OBJECTS = 20_000
MOST_STEPS = 100_000
"""Calls of the progress handler, each after a thousand instructions."""

_QUOTED = re.compile(r"'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\"|`(?:[^`]|``)*+`|\[[^\]]*+\]")
_COMMENT = re.compile(r"--[^\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_PLAIN = re.compile(r"CREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|TRIGGER)\b", re.IGNORECASE)
_INDEX = re.compile(
    r"CREATE\s+VIRTUAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?q\s+USING\s+(?:rtree|rtree_i32|fts[345])\s*\(", re.IGNORECASE
)
_TABLE = re.compile(r"CREATE\s+TABLE\b", re.IGNORECASE)
_COMPUTED = re.compile(r"\bAS\s*\(|\bGENERATED\s+ALWAYS\b", re.IGNORECASE)
_NAME_AFTER = re.compile(r"(CREATE\s+VIRTUAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?)\w+(\s)", re.IGNORECASE)


def check_geopackage(path: Path, name: str) -> None:
    """ComputedLayer when the database holds a view, a virtual table that is no index, or a computed column; BrokenFile when it is none."""
    steps = 0

    def stop() -> int:
        nonlocal steps
        steps += 1
        return steps > MOST_STEPS

    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as database:
            database.set_progress_handler(stop, 1_000)
            database.execute("PRAGMA trusted_schema = OFF")
            database.text_factory = lambda text: text.decode("utf-8", "replace")
            rows = database.execute(
                f"SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL LIMIT {MOST_OBJECTS + 1}"
            )
            objects = [(str(title), str(sql)) for title, sql in rows]
    except (sqlite3.Error, ValueError, OverflowError) as error:
        raise BrokenFile(file=name, format="GPKG", reason=str(error)) from error
    if len(objects) > MOST_OBJECTS:
        raise BrokenFile(file=name, format="GPKG", reason=f"> {MOST_OBJECTS} tables")
    for title, sql in objects:
        if not _is_plain(sql):
            raise ComputedLayer(file=name, layer=title[:200])


def _is_plain(sql: str) -> bool:
    """True for a table without computed columns, its indexes and triggers, which reading never fires."""
    bare = _COMMENT.sub(" ", _QUOTED.sub("q", sql))
    if _PLAIN.match(bare):
        return not (_TABLE.match(bare) and _COMPUTED.search(bare))
    return bool(_INDEX.match(_NAME_AFTER.sub(r"\1q\2", bare, count=1)))
