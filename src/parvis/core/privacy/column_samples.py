"""What each column holds, counted: filled cells, distinct values of a sample, and every cell that may hold personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parvis.core.columns import ColumnType
from parvis.core.privacy.headers import roles_of
from parvis.core.privacy.names import first_names
from parvis.core.profiling.plans import ColumnGuess
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier

SAMPLE_ROWS = 20_000
SAMPLE_VALUES = 2_000
CANDIDATES = 20_000
"""Distinct cells of one column looked at one by one; beyond, counts are told in proportion."""
CELL = 4_000
"""Characters of a cell looked at; the rest of longer ones is looked at in pieces."""

_SAMPLE = "privacy_sample"
_NAMES = "privacy_first_names"
_CAPITAL = r"A-ZÀ-ÖØ-ÞĀ-\x{1FFF}"
_SMALL = r"a-zß-öø-\x{1FFF}"
_LETTER = r"A-Za-zÀ-ÖØ-öø-\x{1FFF}"
"""Classes of letters for a first look, in a few ranges (beyond Latin-1, capitals and small letters are told apart afterwards): the
six hundred ranges of ``\\p{Lu}`` take longer to prepare, for each column, than a small file to be read."""
SUSPECT = (
    rf"@|[\[(] ?(?i:at|arobase?|a|chez) ?[\])]|(?:^|[^0-9A-Za-z])(?:\+|00)33[ .(]|(?:\d(?:\) ?|[ .\-/_\x{{00A0}}\x{{202F}}]|&nbsp;)?){{9}}|[A-Za-z]{{2}}[- ]?\d{{3}}[- ]?[A-Za-z]{{2}}|(?:\d{{1,3}}\.){{3}}\d|(?:[0-9A-Fa-f]{{1,4}}:){{3}}"
    rf"|[A-Z]{{2}}\d{{2}}[ ]?[A-Z0-9]{{4}}|\b(?:M|MM|Mr|Mme|Mmes|Mlle|Monsieur|Madame|Mademoiselle|MONSIEUR|MADAME|MME|MLLE|Dr|Docteur)\b\.?(?:[ \x{{00A0}}]|&nbsp;)+[{_CAPITAL}]"
    r"|\b(?i:n[ée]e? le|domicili[ée]e?|demeurant|habitant au|[ée]pouse|agrafe|immatricul)\b"
)
"""What may lead to somebody: such cells are read first."""
NAMING = (
    rf"\b[{_CAPITAL}][{_SMALL}]+(?:-[{_CAPITAL}][{_SMALL}]+)?(?:[ \x{{00A0}}]|&nbsp;)[{_CAPITAL}][{_LETTER}'’\-]{{2,}}"
    rf"|\b[{_CAPITAL}][{_CAPITAL}'’\-]+(?:[ \x{{00A0}}]|&nbsp;)[{_CAPITAL}][{_SMALL}]+"
)
"""What may be a first name and a family name; with the former, one pass over the cells leaves all others at once."""
_NAME_SHAPE = rf"^[{_CAPITAL}][{_LETTER}'’.\-]*(?:[ ,]+[{_LETTER}'’.\-]+){{1,5}}$"


@dataclass(slots=True)
class ColumnSample:
    """One column that will be published: where it is staged, its technical name, what was counted.

    ``values`` are distinct values of the sample with their count; ``suspects`` the distinct cells of the whole table that may
    mention someone, and ``suspected`` how many cells they are in all; ``named`` the distinct cells shaped as a name.
    """

    staged: str
    name: str
    label: str
    header: str
    type: ColumnType
    parser: str
    roles: frozenset[str]
    filled: int = 0
    values: dict[str, int] = field(default_factory=dict)
    suspects: dict[str, int] = field(default_factory=dict)
    suspected: int = 0
    named: dict[str, int] = field(default_factory=dict)

    @property
    def sampled(self) -> int:
        """Filled cells of the sample."""
        return sum(self.values.values())


def column_samples(
    workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]
) -> tuple[ColumnSample, ...]:
    """Every column that ``guesses`` keeps, counted; the workspace is left as it was found."""
    samples = _columns(staged, guesses)
    texts = [mass for mass in samples if not mass.type.is_geographic or mass.parser != "geometry"]
    connection = workspace.connection
    try:
        _count(workspace, samples)
        whole = _sample(workspace, staged, texts)
        # One text and not ten thousand: DuckDB looks at each value of a list for what pandas might have made of it.
        listed = f"CREATE OR REPLACE TEMP TABLE {_NAMES} AS SELECT unnest(string_split(?, chr(10))) AS name"
        connection.execute(listed, ["\n".join(sorted(first_names()))])
        for mass in texts:
            _suspect(workspace, mass, _SAMPLE if whole else ROWS)
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {_SAMPLE}")
        connection.execute(f"DROP TABLE IF EXISTS {_NAMES}")
    return tuple(samples)


def _columns(staged: StagedTable, guesses: Sequence[ColumnGuess]) -> list[ColumnSample]:
    by_staged = {
        guess.plan.sources[0]: guess for guess in guesses if not guess.plan.derived and len(guess.plan.sources) == 1
    }
    samples = []
    for column in staged.columns:
        guess = by_staged.get(column.name)
        if guess is None:
            continue
        shown = guess.plan.column
        header = column.header or shown.label
        roles = roles_of(header) | roles_of(shown.label)
        samples.append(ColumnSample(column.name, shown.name, shown.label, header, shown.type, guess.plan.parser, roles))
    return samples


def _count(workspace: Workspace, samples: list[ColumnSample]) -> None:
    if not samples:
        return
    counted = ", ".join(f"count({quote_identifier(mass.staged)})" for mass in samples)
    row = workspace.connection.execute(f"SELECT {counted} FROM {ROWS}").fetchone()
    for mass, filled in zip(samples, row or (), strict=True):
        mass.filled = int(filled)


def _sample(workspace: Workspace, staged: StagedTable, texts: list[ColumnSample]) -> bool:
    """Fill the values of the sample; whether it holds every row, and may then be read instead of the staged table, which is a
    view: each question to a view of six hundred columns costs the preparing of them all."""
    if not texts:
        return False
    connection = workspace.connection
    step = max(1, staged.rows // SAMPLE_ROWS)
    cells = ", ".join(quote_identifier(mass.staged) for mass in texts)
    some = "" if step == 1 else f" WHERE hash(line) % {step} = 0"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_SAMPLE} AS SELECT {cells} FROM {ROWS}{some}")
    for mass in texts:
        cell = quote_identifier(mass.staged)
        rows = connection.execute(
            f"SELECT left(trim({cell}::VARCHAR), {CELL}) AS v, count(*) AS n FROM {_SAMPLE} WHERE {cell} IS NOT NULL"
            f" AND trim({cell}::VARCHAR) <> '' GROUP BY v ORDER BY hash(v) LIMIT {SAMPLE_VALUES}"
        ).fetchall()
        mass.values = {str(value): int(times) for value, times in rows}
    return step == 1


_NEVER = (ColumnType.DATE, ColumnType.DATETIME, ColumnType.BOOLEAN, ColumnType.DOUBLE, ColumnType.GEO_SHAPE)


def _suspect(workspace: Workspace, mass: ColumnSample, relation: str) -> None:
    """Fill what a whole reading of the column finds; columns of short numbers and of dates are passed over."""
    if mass.type in _NEVER or (mass.type is ColumnType.INT and all(len(v) < 9 for v in mass.values)):
        return
    cell = quote_identifier(mass.staged)
    connection = workspace.connection
    grouped = f"SELECT {cell} AS v, count(*) AS n FROM {relation} WHERE regexp_matches({cell}, ?) GROUP BY v"  # one pass, then few
    rows = connection.execute(
        f"SELECT v, n, sum(n) OVER () FROM ({grouped}) ORDER BY regexp_matches(v, ?) DESC, hash(v) LIMIT {CANDIDATES}",
        [f"{SUSPECT}|{NAMING}", SUSPECT],
    ).fetchall()
    mass.suspects = {str(value): int(times) for value, times, _total in rows}
    mass.suspected = int(rows[0][2]) if rows else 0
    if mass.type is not ColumnType.TEXT:
        return
    shaped = f"SELECT {cell} AS v, count(*) AS n FROM {relation} WHERE length({cell}) <= 60 AND regexp_matches({cell}, ?) GROUP BY v"
    words = (
        "SELECT v, n, regexp_replace(lower(strip_accents(split_part(v, ' ', 1))), '[^a-z''-].*', '') AS first,"
        " lower(strip_accents(split_part(v, ' ', -1))) AS last"
    )
    named = f"SELECT v, n, unnest([first, last, split_part(first, '-', 1)]) AS word FROM ({words} FROM ({shaped}))"
    rows = connection.execute(
        f"SELECT DISTINCT v, n FROM ({named}) WHERE word IN (FROM {_NAMES}) ORDER BY hash(v) LIMIT {CANDIDATES}",
        [_NAME_SHAPE],
    ).fetchall()
    mass.named = {str(value): int(times) for value, times in rows}
