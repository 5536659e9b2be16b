"""Combinations that single people out (k-anonymity), and positions that follow them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from parvis.core.columns import ColumnType
from parvis.core.privacy.column_samples import ColumnSample
from parvis.core.privacy.judges import WHY
from parvis.core.privacy.model import Anonymity, Confidence, Finding
from parvis.core.privacy.small_counts import counts_persons, small_counts
from parvis.core.privacy.tables import Table
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier
from parvis.core.translation import Sentence, gettext_noop

THRESHOLD = 11
"""Groups smaller than this are told: the usual threshold of INSEE for data about persons."""

_CELLS, _FULL = 20, 0.8
_TRAITS = ("birth", "age", "sex", "civility", "job", "family")


def group_findings(workspace: Workspace, staged: StagedTable, table: Table) -> tuple[list[Finding], Anonymity | None]:
    """What the table as a whole tells of people: rows alone in their group, and columns of small counts."""
    findings = small_counts(workspace, table)
    if (traces := _traces(table)) is not None:
        findings.append(traces)
    anonymity = measure(workspace, staged, table)
    if anonymity and (finding := _singled_out(anonymity, table)):
        findings.append(finding)
    return findings, anonymity


def quasi_identifiers(table: Table) -> tuple[ColumnSample, ...]:
    """The columns that describe a person from outside: at least one trait (age, sex, job…); places where they live with it."""
    filled = [mass for mass in table.masses if mass.filled]
    traits = [mass for mass in filled if mass.roles & set(_TRAITS) and not mass.roles & {"count", "named_place"}]
    places = [mass for mass in filled if "place" in mass.roles and not mass.roles & {"count"} and len(mass.values) > 1]
    varied = [mass for mass in traits if len(mass.values) > 1 and not _counts_births(mass)]
    return (*varied, *places[:2]) if varied else ()


def _counts_births(mass: ColumnSample) -> bool:
    """True for whole numbers under a header of births that are no years."""
    if "birth" not in mass.roles or mass.type is not ColumnType.INT:
        return False
    return any(not (v.strip().isdecimal() and 1900 <= int(v) <= 2100) for v in list(mass.values)[:50])


def measure(workspace: Workspace, staged: StagedTable, table: Table) -> Anonymity | None:
    """How many rows share their group; None when the rows are no persons, or there is nothing to combine."""
    columns = quasi_identifiers(table)
    if len(columns) < 2 or not staged.rows or not _rows_are_persons(table, columns):
        return None
    keys = ", ".join(f"coalesce({quote_identifier(mass.staged)}::VARCHAR, '')" for mass in columns)
    row = workspace.connection.execute(
        f"SELECT min(n), count_if(n = 1), coalesce(sum(n) FILTER (n < ?), 0) FROM (SELECT count(*) AS n FROM {ROWS} GROUP BY {keys})",
        [THRESHOLD],
    ).fetchone()
    assert row is not None
    if _crosses(columns, staged.rows, int(row[1])):
        return None
    return Anonymity(
        tuple(mass.name for mass in columns),
        tuple(mass.label for mass in columns),
        int(row[0] or 0),
        int(row[1]),
        int(row[2]),
        THRESHOLD,
        staged.rows,
    )


def _crosses(columns: Sequence[ColumnSample], rows: int, alone: int) -> bool:
    """Whether each row is one cell of a full table of sexes by ages…: persons neither fill it nor come once in each."""
    product = math.prod(max(1, len(mass.values)) for mass in columns)
    crossed = sum(len(mass.values) > 1 for mass in columns) > 1
    return crossed and rows >= _CELLS and alone == rows and rows >= _FULL * product


def _rows_are_persons(table: Table, columns: Sequence[ColumnSample]) -> bool:
    if table.of_officials or table.of_figures:
        return False
    if table.of_persons or "tracks" in table.about:
        return True
    if table.about & {"counts", "things"} or table.of_bodies or counts_persons(table):
        return False
    kinds = {trait for mass in columns for trait in _TRAITS if trait in mass.roles}
    sensitive = any("sensitive" in mass.roles and mass.filled for mass in table.masses)
    return len(kinds) >= (1 if sensitive else 2)


def _singled_out(anonymity: Anonymity, table: Table) -> Finding | None:
    if not anonymity.under:
        return None
    share = anonymity.under / anonymity.rows
    why = Sentence(
        gettext_noop(
            "{alone} lignes sont seules à réunir ces valeurs ; {under} sont dans un groupe de moins de {threshold}."
        ),
        {"alone": anonymity.alone, "under": anonymity.under, "threshold": anonymity.threshold},
    )
    sure = Confidence.LIKELY if anonymity.alone else Confidence.POSSIBLE
    label = " + ".join(anonymity.labels)
    return Finding("group", "*", label, sure, anonymity.under, share, (), (why,), anonymity.columns)


def _traces(table: Table) -> Finding | None:
    """Positions that follow a person or a device."""
    ids = [mass for mass in table.masses if "tracked" in mass.roles and mass.filled]
    points = [mass for mass in table.masses if _is_position(mass) and mass.filled]
    if not points:
        return None
    home = [mass for mass in points if "home" in mass.roles]
    if home:
        mass = home[0]
        return Finding("position", mass.name, mass.label, Confidence.CERTAIN, mass.filled, 1.0, (), (WHY["home"],))
    if table.of_persons and not table.of_bodies:
        mass = points[0]
        return Finding("position", mass.name, mass.label, Confidence.LIKELY, mass.filled, 1.0, (), (WHY["persons"],))
    if ids:
        mass = points[0]
        return Finding("position", mass.name, mass.label, Confidence.LIKELY, mass.filled, 1.0, (), (WHY["tracked"],))
    return None


_POSITION = re.compile(
    r"(?:^|_)(?:lat|latitude|lon|lng|long|longitude|coord\w*|geoloc\w*|geo_?point\w*|gps|position|geom|geometry|x|y)(?:_|$)"
)


def _is_position(mass: ColumnSample) -> bool:
    return mass.type is ColumnType.GEO_POINT or (
        mass.type in (ColumnType.DOUBLE, ColumnType.GEO_POINT, ColumnType.TEXT) and bool(_POSITION.search(mass.name))
    )
