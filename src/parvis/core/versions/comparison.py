"""What changed between two versions: columns, then rows added, removed and changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from parvis.core.columns import Column, TableShape
from parvis.core.connections import opened
from parvis.core.errors import OperationError
from parvis.core.staging import quote_identifier
from parvis.core.translation import gettext_noop
from parvis.core.versions.manifest import Manifest, read_manifest
from parvis.core.versions.relations import relation_of

SHOWN = 20
"""Rows shown of each kind; all are counted."""

MOST_SPILLED = "4GB"
"""What a comparison may take on the disk, beside its memory."""

_SHOWN_CELL = 200
_IDENTIFIER = re.compile(
    r"(?:^|_)(?:id|identifiant|ident|code|cle|uid|uuid|ref|reference|numero|num|gid|fid|objectid)(?:_|$)"
)
_KINDS = frozenset({"siret", "siren", "rna", "iris", "insee_commune", "epci", "uai", "finess", "rome"})


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One row found in both versions with other values: its key, and old and new text of each column that differs."""

    key: str
    values: dict[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference from an old version to a new one.

    ``key`` is the column that tells rows apart; None when whole rows are compared, so that a changed row counts as one
    removed and one added. Retyped columns are triples of name, old type, new type.
    """

    key: str | None
    added: int
    removed: int
    changed: int
    unchanged: int
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    columns_retyped: tuple[tuple[str, str, str], ...]
    added_rows: tuple[dict[str, str | None], ...]
    removed_rows: tuple[dict[str, str | None], ...]
    changed_rows: tuple[ChangedRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return asdict(self)


class ComparisonTooLong(OperationError):
    """The versions could not be compared within the time or the memory given."""

    code: ClassVar[str] = "comparison-too-long"
    sentence: ClassVar[str] = gettext_noop(
        "Ces deux versions sont trop volumineuses pour être comparées ligne à ligne."
    )
    advice: ClassVar[str] = gettext_noop("Téléchargez-les pour les comparer sur votre ordinateur.")


def compare_versions(
    old: Path, new: Path, *, work: Path | None = None, memory: str = "512MB", seconds: float = 600.0
) -> Comparison:
    """The difference between two folders of versions; ``work`` is where DuckDB may spill, ``MOST_SPILLED`` at most.

    NotFound when one is no version, ComparisonTooLong beyond ``seconds``, ``memory`` and what may be spilled.
    """
    before, after = read_manifest(old), read_manifest(new)
    try:
        with opened(memory, work, seconds=seconds, max_temp_directory_size=MOST_SPILLED) as connection:
            return _compared(connection, (old, before), (new, after))
    except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
        raise ComparisonTooLong from error


def _compared(
    connection: duckdb.DuckDBPyConnection, old: tuple[Path, Manifest], new: tuple[Path, Manifest]
) -> Comparison:
    before, after = old[1], new[1]
    for table, (folder, manifest) in (("old_rows", old), ("new_rows", new)):
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {relation_of(folder, manifest)}")
    common = [column for column in after.shape if before.shape.get(column.name) is not None]
    key = _key(connection, before, after, common)
    rows = _Rows(connection, tuple(column.name for column in common), key)
    rows.prepare()
    return Comparison(
        key,
        *rows.counts(),
        columns_added=_missing(after.shape, before.shape),
        columns_removed=_missing(before.shape, after.shape),
        columns_retyped=_retyped(before.shape, common),
        added_rows=rows.only_in("new", "old", after.shape.names),
        removed_rows=rows.only_in("old", "new", before.shape.names),
        changed_rows=rows.changed(),
    )


def _missing(here: TableShape, other: TableShape) -> tuple[str, ...]:
    return tuple(name for name in here.names if other.get(name) is None)


def _retyped(before: TableShape, common: Sequence[Column]) -> tuple[tuple[str, str, str], ...]:
    pairs = [(before.get(column.name), column) for column in common]
    return tuple((b.name, str(b.type), str(a.type)) for b, a in pairs if b is not None and b.type is not a.type)


def _key(
    connection: duckdb.DuckDBPyConnection, before: Manifest, after: Manifest, common: Sequence[Column]
) -> str | None:
    """The column that tells rows apart in both versions: the one annotated ``id``, else an identifier without repetition."""
    annotated = [c.name for c in common if "id" in c.annotations]
    likely = [c.name for c in common if c.kind in _KINDS or _IDENTIFIER.search(c.name)]
    for name in dict.fromkeys([*annotated, *likely]):
        if all(_tells_apart(connection, *side, name) for side in ((before, "old_rows"), (after, "new_rows"))):
            return name
    return None


def _tells_apart(connection: duckdb.DuckDBPyConnection, manifest: Manifest, table: str, name: str) -> bool:
    profile = manifest.profile.get(name)
    if profile is not None and (profile.nulls or profile.distinct < manifest.rows * 0.9):
        return False  # known without reading: the estimate is never that far away
    row = connection.execute(
        f"SELECT count(DISTINCT {quote_identifier(name)}::VARCHAR), count(*) FROM {table}"
    ).fetchone()
    return row is not None and row[0] == row[1] == manifest.rows


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of both versions, matched by ``key`` or by content over the ``common`` columns."""

    connection: duckdb.DuckDBPyConnection
    common: tuple[str, ...]
    key: str | None

    def prepare(self) -> None:
        """Tables ``old_side`` and ``new_side``: for each row its identity ``k`` and its content ``h``, computed once."""
        for side in ("old", "new"):
            self.connection.execute(f"CREATE TEMP TABLE {side}_side AS {self._side(f'{side}_rows')}")

    def _side(self, table: str) -> str:
        """SQL: the rows of a side; without a key the rank among equal rows makes a multiset a set."""
        cells = ", ".join(f"{quote_identifier(name)}::VARCHAR" for name in self.common) or "''"
        whole = f"row({cells})::VARCHAR"
        if self.key is not None:
            return f"SELECT {quote_identifier(self.key)}::VARCHAR AS k, md5_number({whole}) AS h, __row FROM {table}"
        # Not md5_number here: DuckDB takes 80 microseconds to write a number of 128 bits, half a minute for 100,000 rows.
        ranked = "row_number() OVER (PARTITION BY h ORDER BY __row)"
        return f"SELECT h || ' ' || {ranked} AS k, h, __row FROM (SELECT md5({whole}) AS h, __row FROM {table})"

    def counts(self) -> tuple[int, int, int, int]:
        """Added, removed, changed, unchanged."""
        row = self.connection.execute(
            """SELECT count_if(a.k IS NULL), count_if(b.k IS NULL), count_if(a.h <> b.h), count_if(a.h = b.h)
            FROM old_side a FULL JOIN new_side b USING (k)"""
        ).fetchone()
        assert row is not None
        added, removed, changed, unchanged = (int(number or 0) for number in row)
        return added, removed, changed, unchanged

    def only_in(self, side: str, other: str, names: Sequence[str]) -> tuple[dict[str, str | None], ...]:
        """The first rows of a side (``old``, ``new``) that the other has not."""
        cells = ", ".join(f"left({quote_identifier(name)}::VARCHAR, {_SHOWN_CELL})" for name in names)
        rows = self.connection.execute(
            f"""SELECT {cells} FROM {side}_rows SEMI JOIN (SELECT __row FROM {side}_side
            ANTI JOIN {other}_side USING (k) ORDER BY __row LIMIT {SHOWN}) USING (__row) ORDER BY __row"""
        ).fetchall()
        return tuple(dict(zip(names, row, strict=True)) for row in rows)

    def changed(self) -> tuple[ChangedRow, ...]:
        """The first rows that both have with other values."""
        if self.key is None:
            return ()
        rows = self.connection.execute(
            f"""SELECT k, a.__row, b.__row FROM old_side a JOIN new_side b USING (k)
            WHERE a.h <> b.h ORDER BY b.__row LIMIT {SHOWN}"""
        ).fetchall()
        return tuple(ChangedRow(str(k), self._differences(old, new)) for k, old, new in rows)

    def _differences(self, old: int, new: int) -> dict[str, tuple[str | None, str | None]]:
        cells = ", ".join(f"{quote_identifier(name)}::VARCHAR" for name in self.common)
        before = self.connection.execute(f"SELECT {cells} FROM old_rows WHERE __row = ?", [old]).fetchone()
        after = self.connection.execute(f"SELECT {cells} FROM new_rows WHERE __row = ?", [new]).fetchone()
        assert before is not None
        assert after is not None
        pairs = zip(self.common, before, after, strict=True)
        return {name: (_cut(was), _cut(now)) for name, was, now in pairs if was != now}


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:_SHOWN_CELL]
