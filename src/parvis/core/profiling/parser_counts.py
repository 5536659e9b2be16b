"""Counting, in SQL, how many values of each column fit each parser: on a sample first, then on the whole table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from parvis.core.profiling.detectors import geography
from parvis.core.profiling.missing_words import says_nothing
from parvis.core.profiling.parsers import Parser, filled, trimmed
from parvis.core.profiling.table import DETECTED
from parvis.core.profiling.territory import in_france
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier

SAMPLE = "sampled"
"""Table of distinct sampled values: ``source`` (staged name), ``value``, ``n`` (how many times seen)."""

_CELLS = 30_000
_SPARSE = 30
_WINDOWS = 25
_BATCH = 300


def _clues(cell: str) -> dict[str, str]:
    """Facts about a value that no parser tells: SQL conditions by name."""
    text = trimmed(cell)
    return {
        "leading_zero": f"regexp_matches({text}, '^[+-]?0[0-9]')",
        "long_digits": f"regexp_full_match({text}, '[0-9]{{19,}}')",
        "label": f"regexp_matches({text}, '[0-9]') AND regexp_matches({text}, '[A-Za-z;/|]|[0-9] ?- ?[0-9]|[0-9],[0-9]+,[0-9]')"
        f" OR lower({text}) IN ('oui', 'non', 'yes', 'no')",
        "groups": f"regexp_full_match({text}, '[+-]?[0-9]{{1,3}}(?:,[0-9]{{3}}){{2,5}}')",
        "english": f"regexp_matches({text}, '[0-9],[0-9]{{3}}[.][0-9]')",
        "missing": says_nothing(text),
        "sign": f"regexp_full_match({text}, '[–—./-]+')",
        "naive": f"regexp_full_match({text}, '.*[T ][0-9]{{1,2}}[:h][0-9]{{2}}(?::[0-9.,]+)?')",
        "lat_first_in_france": geography.of_pair(cell, lambda first, second: in_france(second, first)),
        "lon_first_in_france": geography.of_pair(cell, in_france),
    }


@dataclass(slots=True)
class Measure:
    """What was counted for one column: ``fits`` by parser name, ``clues`` by name, both among ``filled`` values."""

    filled: int = 0
    fits: Counter[str] = field(default_factory=Counter)
    clues: Counter[str] = field(default_factory=Counter)
    whole: bool = False
    """True when all rows were counted, not a sample."""
    distinct: int = 0
    """How many values of the sample differ, words for none left aside; 0 where it was not counted."""
    machine: bool = False
    """True when the words for no value that were seen are those of programs (NA, NULL), which answer no question."""
    agreed: bool = False
    """True when its words for no value are those of other columns of numbers of the table, which leave no doubt."""

    @property
    def missing(self) -> int:
        """How many of the filled cells hold a word that says that there is no value."""
        return self.clues["missing"]

    @property
    def values(self) -> int:
        """How many say something."""
        return self.filled - self.missing

    def share(self, parser: str) -> float:
        """The share of the values, words for none left aside, that fit: from 0 to 1; 0 for a column without any."""
        return self.fits[parser] / self.values if self.values else 0.0

    def clue(self, name: str) -> float:
        """The share of filled values of which the clue is true."""
        return self.clues[name] / self.filled if self.filled else 0.0


def take_sample(workspace: Workspace, staged: StagedTable, names: Sequence[str]) -> bool:
    """Fill ``SAMPLE`` from rows spread over the table; True when it holds every row."""
    connection = workspace.connection
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {SAMPLE} (source VARCHAR, value VARCHAR, n BIGINT)")
    rows = max(500, _CELLS // max(1, len(names)))
    whole = staged.rows <= rows
    for batch in _batches(names):
        columns = ", ".join(map(quote_identifier, batch))
        picked = f"SELECT {columns} FROM {ROWS}" if whole else spread(columns, staged.rows, rows)
        connection.execute(
            f"INSERT INTO {SAMPLE} SELECT source, value, count(*) FROM (UNPIVOT ({picked}) "
            f"ON {columns} INTO NAME source VALUE value) WHERE {filled('value')} GROUP BY ALL"
        )
    if not whole:
        _complete_sparse(workspace, names)
    return whole


def spread(columns: str, total: int, sample_size: int) -> str:
    """SQL: windows of rows at even distances; DuckDB skips what lies between without reading it."""
    size, step = sample_size // _WINDOWS, total // _WINDOWS
    windows = (f"(SELECT {columns} FROM {ROWS} LIMIT {size} OFFSET {rank * step})" for rank in range(_WINDOWS))
    return " UNION ALL ".join(windows)


def _complete_sparse(workspace: Workspace, names: Sequence[str]) -> None:
    """Columns nearly empty in the sample get values looked for in the whole table."""
    connection = workspace.connection
    seen = dict(connection.execute(f"SELECT source, sum(n) FROM {SAMPLE} GROUP BY source").fetchall())
    for name in names:
        if seen.get(name, 0) >= _SPARSE:
            continue
        cell = quote_identifier(name)
        connection.execute(f"DELETE FROM {SAMPLE} WHERE source = ?", [name])
        connection.execute(
            f"INSERT INTO {SAMPLE} SELECT ?, {cell}, count(*) FROM "
            f"(SELECT {cell} FROM {ROWS} WHERE {filled(cell)} LIMIT 1000) GROUP BY {cell}",
            [name],
        )


def measure_sample(workspace: Workspace, names: Sequence[str], *, whole: bool) -> dict[str, Measure]:
    """Every parser counted on the sample of every column."""
    clues = _clues("value")
    conditions = [f"({parser.sql('value')}) IS NOT NULL" for parser in DETECTED] + list(clues.values())
    counts = ", ".join(f"sum(n) FILTER (WHERE {condition})" for condition in conditions)
    # Two hundred times the same expression: to plan it so often takes longer than to measure a small file.
    counts = counts.replace(trimmed("value"), "bare")
    different = f"count(*) FILTER (WHERE NOT {says_nothing('bare')})"
    rows = workspace.connection.execute(
        f"SELECT source, sum(n), {different}, {counts} FROM (SELECT *, {trimmed('value')} AS bare FROM {SAMPLE}) GROUP BY source"
    ).fetchall()
    measures = {name: Measure(whole=whole) for name in names}
    for source, total, distinct, *numbers in rows:
        values = [int(number or 0) for number in numbers]
        measures[source] = Measure(
            filled=int(total),
            fits=Counter({parser.name: n for parser, n in zip(DETECTED, values, strict=False)}),
            clues=Counter(dict(zip(clues, values[len(DETECTED) :], strict=True))),
            whole=whole,
            distinct=int(distinct),
        )
    return measures


def measure_whole(
    workspace: Workspace,
    parsers: Mapping[str, Iterable[Parser]],
    *,
    clues: bool = False,
    missing: Container[str] = (),
) -> dict[str, Measure]:
    """The wanted parsers counted on every row, in one pass over the table (a few for very wide ones); all ``clues``, or the words
    for no value in the columns of ``missing`` alone."""
    measures: dict[str, Measure] = {}
    for batch in _batches(list(parsers)):
        keys: list[tuple[str, str, str]] = []
        counts: list[str] = []
        for name in batch:
            cell = quote_identifier(name)
            keys.append((name, "filled", ""))
            counts.append(f"count_if({filled(cell)})")
            pointed = any(parser.name in ("latlon", "lonlat") for parser in parsers[name])
            for parser in parsers[name]:
                keys.append((name, "fits", parser.name))
                counts.append(f"count({parser.sql(cell)})")
            if name in missing and not clues:
                keys.append((name, "clues", "missing"))
                counts.append(f"count_if({says_nothing(trimmed(cell))})")
            for clue, condition in _clues(cell).items() if clues else ():
                # Where points would fall is long to ask, and asked only of what may be a point.
                if clue not in ("lat_first_in_france", "lon_first_in_france") or pointed:
                    keys.append((name, "clues", clue))
                    counts.append(f"count_if({condition})")
        row = workspace.connection.execute(f"SELECT {', '.join(counts)} FROM {ROWS}").fetchone()
        assert row is not None
        _collect(measures, keys, row)
    return measures


def _collect(measures: dict[str, Measure], keys: Sequence[tuple[str, str, str]], row: Sequence[int | None]) -> None:
    for (name, kind, key), number in zip(keys, row, strict=True):
        measure = measures.setdefault(name, Measure(whole=True))
        if kind == "filled":
            measure.filled = int(number or 0)
        elif kind == "fits":
            measure.fits[key] = int(number or 0)
        else:
            measure.clues[key] = int(number or 0)


def sampled_values(workspace: Workspace, limit: int = 500) -> dict[str, dict[str, int]]:
    """The most frequent distinct sampled values of each column, trimmed of nothing, and how often each; at most ``limit``."""
    rows = workspace.connection.execute(
        f"SELECT source, value, n FROM {SAMPLE} "
        "QUALIFY row_number() OVER (PARTITION BY source ORDER BY n DESC, value) <= ? ORDER BY source, n DESC, value",
        [limit],
    ).fetchall()
    values: dict[str, dict[str, int]] = defaultdict(dict)
    for source, value, times in rows:
        values[source][value] = int(times)
    return values


def _batches(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + _BATCH] for start in range(0, len(names), _BATCH))
