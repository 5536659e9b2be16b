"""Persons: columns dropped, masked, replaced by pseudonyms, coarsened, mentions struck out, small groups suppressed.

What a treatment hides is told nowhere: an outcome holds counts alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import replace

import pyarrow as pa

from parvis.core.official_codes import PLACE
from parvis.core.privacy.column_samples import NAMING, SUSPECT
from parvis.core.privacy.model import Confidence
from parvis.core.privacy.texts import mentions
from parvis.core.profiling.detectors.geography import number, of_pair
from parvis.core.profiling.parsers import filled, once
from parvis.core.profiling.territory import in_france
from parvis.core.staging import ROWS, StagedColumn, StagedTable, quote_identifier
from parvis.core.transforms.cells import distinct_values, parameter, text_column
from parvis.core.transforms.model import BadStep, Material, Outcome, Step, Transform
from parvis.core.transforms.rows import column_of, replace_cells, replace_rows
from parvis.core.transforms.small_cells import add_up_counts, least, mask_small_cells
from parvis.core.translation import gettext_noop

STRUCK = "[…]"
SQUARE = 200
_LONGEST = 20_000
_TREATED = "treated"


def _cells(material: Material, step: Step, expression: Callable[[str], str]) -> tuple[StagedTable, Outcome]:
    """Give the step's column, or each of its columns, the value of an expression over its filled cells."""
    names = [column.name for column in _columns(material, step)]
    expressions = {
        name: f"CASE WHEN {filled(cell)} THEN {expression(cell)} END"
        for name in names
        if (cell := quote_identifier(name))
    }
    rows, cells = replace_cells(material.workspace, material.staged, expressions)
    return material.staged, Outcome(step, rows, cells)


def _columns(material: Material, step: Step) -> list[StagedColumn]:
    if "columns" in step.parameters:
        return [text_column(material, step, str(header)) for header in parameter(step, "columns", list)]
    return [text_column(material, step, parameter(step, "column", str))]


def drop_columns(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Remove ``columns`` (or ``column``); BadStep when none would be left."""
    headers = step.parameters.get("columns") or [parameter(step, "column", str)]
    gone = {column_of(material.staged, step, str(header)).name for header in headers}
    remaining = tuple(column for column in material.staged.columns if column.name not in gone)
    if not remaining:
        raise BadStep(step=step.name, reason="il ne resterait aucune colonne")
    counts = ", ".join(f"count({quote_identifier(name)})" for name in sorted(gone))
    counted = material.workspace.connection.execute(f"SELECT {counts} FROM {ROWS}").fetchone() or ()
    names = ", ".join(quote_identifier(column.name) for column in remaining)
    replace_rows(material.workspace, f"SELECT line, {names} FROM {ROWS}")
    return replace(material.staged, columns=remaining), Outcome(
        step, material.staged.rows, sum(counted), {"columns": len(gone)}
    )


def mask_cells(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Keep the first letter of each word and no digit (« Jean DUPONT » → « J••• D••• »); lengths no longer show."""
    letters = r"(\p{L})[\p{L}'’]*"
    return _cells(
        material,
        step,
        lambda cell: (
            rf"regexp_replace(regexp_replace({cell}, '{letters.replace(chr(39), chr(39) * 2)}', '\1•••', 'g'), '\d+', '••', 'g')"
        ),
    )


def pseudonymise(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Replace each value by a pseudonym of 16 characters: HMAC-SHA-256 under the secret of the instance and ``scope``.

    Equal values (but for case and outer spaces) of one scope have one pseudonym; without the secret nobody can try values.
    BadStep without a secret.
    """
    if not material.secret:
        raise BadStep(step=step.name, reason="il faut la clé d’une instance")
    column = text_column(material, step, parameter(step, "column", str))
    key = hmac.digest(material.secret, f"pseudonym:{step.parameters.get('scope', '')}".encode(), "sha256")

    def named(value: str) -> str:
        return hmac.new(key, value.strip().casefold().encode(), hashlib.sha256).hexdigest()[:16]

    return _replaced(
        material,
        step,
        column,
        ((v, named(v)) for values in distinct_values(material.workspace, column) for v in values if v.strip()),
    )


def strike_mentions(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Replace by ``[…]`` what mentions a person in the cells: names, telephones, boxes, numbers, homes, dates of birth."""
    column = text_column(material, step, parameter(step, "column", str))
    cell = quote_identifier(column.name)
    cursor = material.workspace.connection.cursor()
    struck = 0

    def pairs() -> Iterable[tuple[str, str]]:
        nonlocal struck
        reader = cursor.execute(
            f"SELECT DISTINCT {cell} FROM {ROWS} WHERE regexp_matches({cell}, ?)", [f"{SUSPECT}|{NAMING}"]
        )
        while batch := reader.fetchmany(10_000):
            for (value,) in batch:
                after, times = struck_out(str(value))
                struck += times
                if times:
                    yield str(value), after

    try:
        staged, outcome = _replaced(material, step, column, pairs())
    finally:
        cursor.close()
    return staged, replace(outcome, details={"mentions": struck})


def struck_out(text: str) -> tuple[str, int]:
    """The text without its mentions of persons, and how many there were; officials in office stay.

    Beyond 20,000 characters the rest is cut off: what was not looked at is not published.
    """
    shown = text[:_LONGEST]
    struck = [
        mention
        for mention in mentions(shown)
        if mention.confidence is not Confidence.POSSIBLE or mention.kind in ("phone", "email", "plate")
    ]
    pieces, last = [], 0
    for mention in struck:
        pieces += [shown[last : mention.start], STRUCK]
        last = mention.end
    cut = len(text) > _LONGEST
    return "".join([*pieces, shown[last:], STRUCK if cut else ""]), len(struck) + cut


def _replaced(
    material: Material, step: Step, column: StagedColumn, pairs: Iterable[tuple[str, str]]
) -> tuple[StagedTable, Outcome]:
    """Put the second of each pair in the place of the cells that are the first."""
    connection = material.workspace.connection
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_TREATED} (before VARCHAR, after VARCHAR)")
    befores: list[str] = []
    afters: list[str] = []

    def flush() -> None:
        batch = pa.table({"before": pa.array(befores, pa.string()), "after": pa.array(afters, pa.string())})
        connection.register("treated_batch", batch)
        connection.execute(f"INSERT INTO {_TREATED} SELECT before, after FROM treated_batch")
        connection.unregister("treated_batch")
        befores.clear()
        afters.clear()

    for before, after in pairs:
        befores.append(before)
        afters.append(after)
        if len(befores) >= 50_000:
            flush()
    flush()
    cell = quote_identifier(column.name)
    expression = f"coalesce((SELECT t.after FROM {_TREATED} t WHERE t.before = {cell}), {cell})"
    rows, cells = replace_cells(material.workspace, material.staged, {column.name: expression})
    connection.execute(f"DROP TABLE {_TREATED}")
    return material.staged, Outcome(step, rows, cells)


_ISO = r"^\s*(\d{4})[-/.](\d{1,2})(?:[-/.]|$)"
_FRENCH = r"^\s*\d{1,2}[-/.](\d{1,2})[-/.](\d{4})(?:\D|$)"
_PACKED = r"^\s*((?:19|20)\d{2})(\d{2})\d{2}\s*$"
_ANY_YEAR = r"(?:^|\D)((?:1[89]|20)\d{2})(?:\D|$)"


def _found(*expressions: str) -> str:
    return "coalesce(" + ", ".join(f"nullif({one}, '')" for one in expressions) + ", NULL)"


def _year(cell: str) -> str:
    return _found(
        f"regexp_extract({cell}, '{_ISO}', 1)",
        f"regexp_extract({cell}, '{_FRENCH}', 2)",
        f"regexp_extract({cell}, '{_PACKED}', 1)",
        f"regexp_extract({cell}, '{_ANY_YEAR}', 1)",
    )


def _month(cell: str) -> str:
    def put(pattern: str, year: int, month: int) -> str:
        test = f"regexp_matches({cell}, '{pattern}')"
        return f"CASE WHEN {test} THEN regexp_extract({cell}, '{pattern}', {year}) || '-' || lpad(regexp_extract({cell}, '{pattern}', {month}), 2, '0') END"

    return f"coalesce({put(_ISO, 1, 2)}, {put(_FRENCH, 2, 1)}, {put(_PACKED, 1, 2)})"


def to_year(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Keep the year of each date; a cell that holds none is emptied."""
    return _cells(material, step, _year)


def to_month(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Keep the year and month of each date (« 2024-05 »); a cell that holds none is emptied."""
    return _cells(material, step, _month)


def to_bands(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Put ages in bands of ``width`` years (10 by default: « 30-39 »), « 90+ » from 90 on; what is no number is emptied."""
    width = step.parameters.get("width", 10)
    if not isinstance(width, int) or not 2 <= width <= 50:
        raise BadStep(step=step.name, reason="« width » est un nombre d’années, de 2 à 50")
    top = 90 // width * width

    def banded(cell: str) -> str:
        age = f"try_cast(regexp_extract({cell}, '^\\s*(\\d{{1,3}})(?:[.,]0+)?\\s*(?:ans)?\\s*$', 1) AS INTEGER)"
        low = f"({age} // {width} * {width})"
        return f"CASE WHEN {age} >= {top} THEN '{top}+' WHEN {age} >= 0 THEN {low} || '-' || ({low} + {width - 1}) END"

    return _cells(material, step, banded)


def to_department(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Keep the department of a postcode or of an INSEE code; what is none is emptied."""

    def department(cell: str) -> str:
        code = f"upper(trim({cell}))"
        code = f"CASE WHEN regexp_matches({code}, '^\\d{{4}}$') THEN '0' || {code} ELSE {code} END"
        overseas = f"{code} LIKE '97%' OR {code} LIKE '98%'"
        cut = f"left({code}, CASE WHEN {overseas} THEN 3 ELSE 2 END)"
        return f"CASE WHEN regexp_full_match({code}, '{PLACE}') THEN {cut} END"

    return _cells(material, step, department)


def _square(x: str, y: str) -> str:
    """SQL: the centre, in degrees, of the square of 200 m (ETRS89-LAEA, as INSEE’s) that holds a point; NULL off the globe."""
    metres = f"ST_Transform(ST_Point({x}, {y}), 'EPSG:4326', 'EPSG:3035', always_xy := true)"
    middle = [f"(floor(ST_{axis}({metres}) / {SQUARE}) * {SQUARE} + {SQUARE // 2})" for axis in "XY"]
    point = f"ST_Transform(ST_Point({middle[0]}, {middle[1]}), 'EPSG:3035', 'EPSG:4326', always_xy := true)"
    return f"CASE WHEN {x} BETWEEN -180 AND 180 AND {y} BETWEEN -90 AND 90 THEN {point} END"


def to_square(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Move points to the centre of their square of 200 m: ``x`` and ``y`` (longitude and latitude), or one ``column``.

    Cells that hold no point in degrees are emptied.
    """
    if "column" not in step.parameters:
        return _square_pair(material, step)
    header = parameter(step, "column", str)
    column = column_of(material.staged, step, header)
    cell = quote_identifier(column.name)
    types = dict(
        material.workspace.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {ROWS})").fetchall()
    )
    if str(types[column.name]).startswith("GEOMETRY"):
        expression = f"CASE WHEN ST_GeometryType({cell}) = 'POINT' THEN {_square(f'ST_X({cell})', f'ST_Y({cell})')} END"
    else:
        expression = once(of_pair(cell, _square_of_pair), "g", "printf('%.5f, %.5f', ST_Y(g), ST_X(g))")
    rows, cells = replace_cells(material.workspace, material.staged, {column.name: expression})
    return material.staged, Outcome(step, rows, cells, {"metres": SQUARE})


def _square_of_pair(first: str, second: str) -> str:
    """SQL: the square of a pair, whichever of both is the longitude."""
    turned = f"({in_france(first, second)} AND NOT {in_france(second, first)})"
    return f"CASE WHEN {turned} THEN {_square(first, second)} ELSE {_square(second, first)} END"


def _square_pair(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    x, y = (text_column(material, step, parameter(step, axis, str)).name for axis in ("x", "y"))
    point = _square(number(quote_identifier(x)), number(quote_identifier(y)))
    expressions = {x: f"printf('%.5f', ST_X({point}))", y: f"printf('%.5f', ST_Y({point}))"}
    rows, cells = replace_cells(material.workspace, material.staged, expressions)
    return material.staged, Outcome(step, rows, cells, {"metres": SQUARE})


def suppress_groups(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Remove the rows whose values of ``columns`` are shared by fewer than ``under`` rows (11 by default)."""
    under = least(step)
    names = [column_of(material.staged, step, str(header)).name for header in parameter(step, "columns", list)]
    if not names:
        raise BadStep(step=step.name, reason="« columns » est vide")
    keys = ", ".join(f"coalesce({quote_identifier(name)}::VARCHAR, '')" for name in names)
    connection = material.workspace.connection
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {ROWS} GROUP BY {keys} HAVING count(*) < ?)", [under]
    ).fetchone()
    row_count = replace_rows(
        material.workspace,
        f"SELECT * FROM {ROWS} QUALIFY count(*) OVER (PARTITION BY {keys}) >= ? ORDER BY line",
        [under],
    )
    gone = material.staged.rows - row_count
    details = {"groups": int(counted[0]) if counted else 0, "under": under}
    return replace(material.staged, rows=row_count), Outcome(step, gone, 0, details)


def suppress_counts(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Empty the counts from 1 to ``under`` - 1 (10 by default) of ``column``."""
    under = least(step)
    staged, outcome = _cells(
        material,
        step,
        lambda cell: f"CASE WHEN {number(cell)} > 0 AND {number(cell)} < {under} THEN NULL ELSE {cell} END",
    )
    return staged, replace(outcome, details={"under": under})


TREATMENTS: tuple[Transform, ...] = (
    Transform("privacy.drop", gettext_noop("Retirer la colonne"), drop_columns, private=True),
    Transform("privacy.mask", gettext_noop("Masquer : la première lettre de chaque mot"), mask_cells, private=True),
    Transform("privacy.pseudonymise", gettext_noop("Remplacer par un code, sous une clé secrète"), pseudonymise, private=True),
    Transform("privacy.strike", gettext_noop("Rayer les mentions de personnes dans le texte"), strike_mentions, private=True),
    Transform("privacy.year", gettext_noop("Ne garder que l’année"), to_year, private=True),
    Transform("privacy.month", gettext_noop("Ne garder que le mois et l’année"), to_month, private=True),
    Transform("privacy.bands", gettext_noop("Regrouper les âges par tranches"), to_bands, private=True),
    Transform("privacy.department", gettext_noop("Ne garder que le département"), to_department, private=True),
    Transform("privacy.square", gettext_noop("Ramener au carré de 200 mètres"), to_square, private=True),
    Transform("privacy.suppress", gettext_noop("Retirer les lignes des petits groupes"), suppress_groups, private=True),
    Transform("privacy.cells", gettext_noop("Masquer les petits effectifs et ce qui les ferait retrouver"), mask_small_cells, private=True),
    Transform("privacy.gather", gettext_noop("Additionner les effectifs sans distinguer"), add_up_counts, private=True),
    Transform("privacy.counts", gettext_noop("Vider les petits effectifs"), suppress_counts, private=True),
)  # fmt: skip
"""One row a transform; each hides something of persons, so that the original stays with those who may edit."""
