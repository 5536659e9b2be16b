"""Expressions to DuckDB's SQL: names of known columns, operators written here, and ``?`` for every value."""

from __future__ import annotations

import re
from functools import singledispatch

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import ROW
from parvis.core.engine.duckdb import functions
from parvis.core.engine.duckdb.fragments import Fragment, concat, filled, joined, parameter
from parvis.core.odsql import bound
from parvis.core.odsql.calendar import names_of
from parvis.core.odsql.moments import Moment
from parvis.core.odsql.traversal import is_whole
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.staging import quote_identifier


@singledispatch
def expression_sql(node: object) -> Fragment:
    """The SQL of an expression."""
    raise TypeError(type(node))


@expression_sql.register
def _(node: bound.Cell) -> Fragment:
    return Fragment(quote_identifier(node.column.name))


@expression_sql.register
def _(node: bound.Value) -> Fragment:
    if node.type is ValueType.GEOMETRY:
        return _geometry(str(node.value))
    if isinstance(node.value, Moment):
        return Fragment("CAST(? AS TIMESTAMPTZ)", (node.value.start,))
    if node.type is ValueType.DATETIME:
        return Fragment("CAST(? AS TIMESTAMPTZ)", (node.value,))
    if node.type is ValueType.NULL:
        return Fragment("NULL")
    return parameter(node.value)


@expression_sql.register
def _(node: bound.Local) -> Fragment:
    if node.timezone == "UTC":
        # Ten times as fast as a conversion between time zones, which DuckDB does row by row whatever they are.
        return filled("make_timestamp(epoch_us({0}))", expression_sql(node.expression))
    return filled("timezone({0}, {1})", Fragment("?", (node.timezone,)), expression_sql(node.expression))


@expression_sql.register
def _(node: bound.AsNumber) -> Fragment:
    return filled("TRY_CAST({0} AS DOUBLE)", expression_sql(node.expression))


@expression_sql.register
def _(node: bound.AsText) -> Fragment:
    return filled("CAST({0} AS VARCHAR)", expression_sql(node.expression))


@expression_sql.register
def _(node: bound.Result) -> Fragment:
    arguments = [expression_sql(argument) for argument in node.arguments]
    if node.function.name in _MAKING_TEXTS and isinstance(node.arguments[0], bound.Cell):
        # Of cells alone: what is made of a short text is short, and the macro writes its argument twice.
        arguments = [filled("parvis_short({0})", arguments[0])]
    return filled(functions.scalar(node.function, node.arguments), *arguments)


_MAKING_TEXTS = ("lower", "upper")


@expression_sql.register
def _(node: bound.Sum) -> Fragment:
    parts = [_number(node.operands[0])]
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        # DuckDB gives an infinity; here a division by zero is null.
        template = "nullif(CAST({0} AS DOUBLE), 0)" if operator == "/" else "{0}"
        parts += [Fragment(f" {operator} "), filled(template, _number(operand))]
    return filled("({0})", concat(parts))


def _number(node: bound.Bound) -> Fragment:
    fragment = expression_sql(node)
    return Fragment("CAST(NULL AS DOUBLE)") if node.type is ValueType.NULL else fragment


@expression_sql.register
def _(node: bound.Minus) -> Fragment:
    return filled("(- {0})", _number(node.expression))


@expression_sql.register
def _(node: bound.JsonText) -> Fragment:
    return expression_sql(node.expression)


@expression_sql.register
def _(node: bound.Day) -> Fragment:
    return filled("strftime({0}, '%Y-%m-%dT00:00:00+00:00')", expression_sql(node.expression))


@expression_sql.register
def _(node: bound.Key) -> Fragment:
    return Fragment(f"__g{node.rank}")


@expression_sql.register
def _(node: bound.Total) -> Fragment:
    return Fragment(f"__totals.__t{node.rank}")


@expression_sql.register
def _(node: bound.Aggregate) -> Fragment:
    arguments = [expression_sql(argument) for argument in node.arguments]
    if node.distinct:
        if node.arguments[0].type is ValueType.TEXTS:
            return filled("CAST(len(list_distinct(flatten(list({0})))) AS BIGINT)", *arguments)
        return filled("count(DISTINCT {0})", *arguments)
    # Sums of whole numbers are whole; DuckDB makes them 128 bits wide, which JSON and Parquet readers do not expect.
    if node.function.name == "sum" and is_whole(node):
        return filled("CAST(sum({0}) AS BIGINT)", *arguments)
    return filled(functions.aggregate(node.function, node.arguments), *arguments)


def _geometry(text: str) -> Fragment:
    stripped = text.strip()
    if stripped.startswith("{"):
        return Fragment("ST_GeomFromGeoJSON(CAST(? AS VARCHAR))", (stripped,))
    if re.fullmatch(r"[0-9A-Fa-f]+", stripped):
        return Fragment("ST_GeomFromHEXWKB(CAST(? AS VARCHAR))", (stripped,))
    return Fragment("ST_GeomFromText(CAST(? AS VARCHAR))", (stripped,))


# Dates as text


@expression_sql.register
def _(node: bound.Written) -> Fragment:
    moment = expression_sql(node.expression)
    pieces = [_piece(piece, moment, node.lang) for piece in node.pieces]
    if not pieces:
        return filled("CASE WHEN {0} IS NOT NULL THEN '' END", moment)
    return filled("({0})", joined(_merged(pieces, moment), " || "))


def _piece(piece: bound.Piece, moment: Fragment, lang: str) -> Fragment | str:
    """A piece that ``strftime`` knows, as its text; any other as SQL."""
    if not piece.symbol:
        return piece.text.replace("%", "%%")
    if form := _FORMS.get(piece.text):
        return form
    names = names_of(lang)
    if piece.symbol == "M" and len(piece.text) > 2:
        listed = names.months if len(piece.text) == 4 else names.short_months
        return _listed(listed, filled("month({0})", moment))
    if piece.symbol == "E":
        listed = names.days if len(piece.text) == 4 else names.short_days
        return _listed(listed, filled("isodow({0})", moment))
    return filled(_NUMBERS[piece.text], moment)


def _listed(names: tuple[str, ...], rank: Fragment) -> Fragment:
    return filled("list_extract({0}, {1})", Fragment("CAST(? AS VARCHAR[])", (names,)), rank)


def _merged(pieces: list[Fragment | str], moment: Fragment) -> list[Fragment]:
    """Neighbours that ``strftime`` knows, in one call."""
    merged: list[Fragment] = []
    form = ""
    for piece in [*pieces, None]:
        if isinstance(piece, str):
            form += piece
            continue
        if form:
            merged.append(filled("strftime({0}, {1})", moment, Fragment("?", (form,))))
            form = ""
        if piece is not None:
            merged.append(piece)
    return merged


_FORMS = {
    **dict.fromkeys(("yyyy", "yyy", "YYYY", "YYY"), "%Y"),
    **dict.fromkeys(("yy", "YY"), "%y"),
    "xxxx": "%G",
    "ww": "%V",
    "DDD": "%j",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
}
"""Symbols that ``strftime`` writes."""

_CLOCK = "CAST({0} AS TIMESTAMP)"
_NUMBERS = {
    "y": "CAST(year({0}) AS VARCHAR)",
    "Y": "CAST(year({0}) AS VARCHAR)",
    "x": "CAST(isoyear({0}) AS VARCHAR)",
    "xx": "right(CAST(isoyear({0}) AS VARCHAR), 2)",
    "xxx": "CAST(isoyear({0}) AS VARCHAR)",
    "w": "CAST(weekofyear({0}) AS VARCHAR)",
    "e": "CAST(isodow({0}) AS VARCHAR)",
    "D": "CAST(dayofyear({0}) AS VARCHAR)",
    "DD": "lpad(CAST(dayofyear({0}) AS VARCHAR), greatest(2, length(CAST(dayofyear({0}) AS VARCHAR))), '0')",
    "M": "CAST(month({0}) AS VARCHAR)",
    "d": "CAST(day({0}) AS VARCHAR)",
    "H": f"CAST(hour({_CLOCK}) AS VARCHAR)",
    "m": f"CAST(minute({_CLOCK}) AS VARCHAR)",
    "s": f"CAST(second({_CLOCK}) AS VARCHAR)",
}
"""Symbols without padding, and those that ``strftime`` does not know."""


# Tranches and clusters


@expression_sql.register
def _(node: bound.NumberStep) -> Fragment:
    value, step = expression_sql(node.expression), parameter(node.step)
    if is_whole(node.expression) and isinstance(node.step, int):
        return filled("({0} - {0} % {1} - CASE WHEN {0} % {1} < 0 THEN {1} ELSE 0 END)", value, step)
    if isinstance(node.step, int):
        return filled("floor({0} / {1})", value, parameter(float(node.step)))
    # 0.95 / 0.05 is a little less than 19 in binary fractions: what is that near to a bound is on it.
    ratio = filled("({0} / {1})", value, parameter(node.step))
    return filled("(CASE WHEN abs({0} - round({0})) < 1e-9 THEN round({0}) ELSE floor({0}) END)", ratio)


@expression_sql.register
def _(node: bound.MomentStep) -> Fragment:
    moment = expression_sql(node.expression)
    if node.expression.type is not ValueType.DATE or node.unit in _PARTS_OF_A_DAY:
        moment = filled("CAST({0} AS TIMESTAMP)", moment)
    if node.unit in _TRUNCATED or (node.unit == "day" and node.amount == 1):
        start = filled(f"date_trunc('{node.unit}', {{0}})", moment)
    else:
        start = filled("time_bucket({1}, {0}, CAST('1970-01-01' AS TIMESTAMP))", moment, _interval(node))
    return filled("CAST({0} AS TIMESTAMP)", start)


_PARTS_OF_A_DAY = ("millisecond", "second", "minute", "hour")
_TRUNCATED = ("week", "month", "quarter", "year")
_INTERVALS = {
    "millisecond": "to_milliseconds(CAST(? AS BIGINT))",
    "second": "to_seconds(CAST(? AS BIGINT))",
    "minute": "to_minutes(CAST(? AS BIGINT))",
    "hour": "to_hours(CAST(? AS BIGINT))",
    "day": "to_days(CAST(? AS INTEGER))",
    "week": "to_weeks(CAST(? AS INTEGER))",
    "month": "to_months(CAST(? AS INTEGER))",
    "quarter": "to_quarters(CAST(? AS INTEGER))",
    "year": "to_years(CAST(? AS INTEGER))",
}


def _interval(node: bound.MomentStep) -> Fragment:
    return Fragment(_INTERVALS[node.unit], (node.amount,))


@expression_sql.register
def _(node: bound.Tranche) -> Fragment:
    value = expression_sql(node.expression)
    whens = [
        filled(f"WHEN {{0}} < {{1}} THEN {rank} ", value, expression_sql(high))
        for rank, high in enumerate(node.bounds, start=-1)
        if high is not None
    ]
    last = f"ELSE {len(node.bounds) - 2} " if node.bounds[-1] is None else "ELSE -1 "
    return filled("CASE WHEN {0} IS NULL THEN NULL {1}" + last + "END", value, concat(whens))


@expression_sql.register
def _(node: bound.Cluster) -> Fragment:
    point = expression_sql(node.expression)
    cells = float(256 * 2**node.zoom) / node.radius
    return filled(_CELL, point, parameter(cells))


_CELL = (
    "(CAST(floor((ST_X({0}) + 180) / 360 * {1}) AS HUGEINT) * 1099511627776 + CAST(floor((0.5 - ln(tan(pi() / 4 + "
    "radians(greatest(least(ST_Y({0}), 85.05), -85.05)) / 2)) / (2 * pi())) * {1}) AS HUGEINT))"
)
"""Cell of the Web Mercator grid, its column and row in one number."""


@expression_sql.register
def _(node: bound.Shown) -> Fragment:
    return _shown(node.bucket, Fragment(f"__g{node.rank}"), node)


@singledispatch
def _shown(bucket: object, key: Fragment, node: bound.Shown) -> Fragment:
    raise TypeError(type(bucket))


@_shown.register
def _(bucket: bound.NumberStep, key: Fragment, node: bound.Shown) -> Fragment:
    step = parameter(bucket.step)
    if is_whole(bucket.expression) and isinstance(bucket.step, int):
        return filled("('[' || {0} || ', ' || ({0} + {1}) || '[')", key, step)
    if isinstance(bucket.step, int):
        whole = filled("CAST({0} AS BIGINT) * {1}", key, step)
        return filled("('[' || {0} || ', ' || ({0} + {1}) || '[')", filled("({0})", whole), step)
    # Twelve decimals hide what binary fractions add to 3 x 0.1.
    return filled("('[' || round({0} * {1}, 12) || ', ' || round(({0} + 1) * {1}, 12) || '[')", key, step)


@_shown.register
def _(bucket: bound.MomentStep, key: Fragment, node: bound.Shown) -> Fragment:
    end = filled("({0} + {1})", key, _interval(bucket))
    zone = parameter(node.zone)
    if node.zone == "UTC":
        form = "strftime({0}, '%Y-%m-%dT%H:%M:%S.%gZ')"
        return filled("('[' || {0} || ', ' || {1} || '[')", filled(form, key), filled(form, end))
    form = "(strftime({0}, '%Y-%m-%dT%H:%M:%S.%g') || parvis_offset({0}, {1}))"
    return filled("('[' || {0} || ', ' || {1} || '[')", filled(form, key, zone), filled(form, end, zone))


@_shown.register
def _(bucket: bound.Tranche, key: Fragment, node: bound.Shown) -> Fragment:
    return filled("list_extract({0}, {1} + 1)", Fragment("CAST(? AS VARCHAR[])", (bucket.texts,)), key)


@_shown.register
def _(bucket: bound.Cluster, key: Fragment, node: bound.Shown) -> Fragment:
    return filled(_CLUSTER, expression_sql(bucket.expression))


_CLUSTER = (
    "(CASE WHEN count({0}) > 0 THEN '{\"cluster\": ' || CAST(ST_AsGeoJSON("
    + functions.RECTANGLE
    + ') AS VARCHAR) || \', "center": {"lon": \' || '
    "avg(ST_X({0})) || ', \"lat\": ' || avg(ST_Y({0})) || '}}' END)"
)
"""A cluster as it is shown: the rectangle of its points, and their mean (the specification leaves the shape open)."""


# Rows and places


@expression_sql.register
def _(node: bound.OfRow) -> Fragment:
    if node.fact is bound.RowFact.RANK:
        return Fragment(ROW)
    text = f"concat_ws(chr(31), {', '.join(_as_text(column) for column in node.columns)})"
    if node.fact is bound.RowFact.SIZE:
        return Fragment(f"strlen({text})")
    if node.fact is bound.RowFact.DIGEST:
        return Fragment(f"md5({text})")
    fingerprint = f"md5({text}) || printf('%08x', {ROW})"
    if node.marked is None:
        return Fragment(fingerprint)
    return Fragment(f"coalesce(CAST({quote_identifier(node.marked.name)} AS VARCHAR), {fingerprint})")


def _as_text(column: Column) -> str:
    """A cell as it is written for the fingerprint of its row, where a plain cast would depend on settings."""
    template = _TEXTS.get(column.type, "CAST({0} AS VARCHAR)")
    return f"coalesce({template.replace('{0}', quote_identifier(column.name))}, chr(0))"


_TEXTS = {
    ColumnType.DATETIME: "CAST(epoch_us({0}) AS VARCHAR)",
    ColumnType.GEO_POINT: "ST_AsText({0})",
    ColumnType.GEO_SHAPE: "ST_AsText({0})",
}


@expression_sql.register
def _(node: bound.PathStart) -> Fragment:
    mark = Fragment("?", (node.mark,))
    path = f"array_to_string(list_slice(string_split({{0}}, {{1}}), 1, {node.depth:d}), {{1}})"
    value = expression_sql(node.expression)
    if node.type is not ValueType.TEXTS:
        return filled(path, value, mark)
    if node.start:
        value = filled("list_filter({0}, lambda x: starts_with(x, {1}))", value, Fragment("?", (node.start,)))
    return filled("list_transform({0}, lambda y: {1})", value, filled(path, Fragment("y"), mark))


@expression_sql.register
def _(node: bound.Placed) -> Fragment:
    geometry = expression_sql(node.expression)
    placed = geometry if node.system in DEGREES else filled(moved(node.system), geometry)
    if node.north_first:
        placed = filled("ST_FlipCoordinates({0})", placed)
    # What has no coordinates, or none in this system, has no geometry in GeoJSON.
    return filled(
        "CASE WHEN NOT ST_IsEmpty({0}) THEN nullif(CAST(ST_AsGeoJSON({1}) AS VARCHAR), '') END", geometry, placed
    )


DEGREES = ("OGC:CRS84", "EPSG:4326")
"""Systems whose coordinates are the stored ones, but for the order of axes."""

WGS84 = "EPSG:4326"
_SYSTEM = re.compile(r"EPSG:\d{1,9}")


def moved(system: str, start: str = WGS84) -> str:
    """The template of a geometry moved from one system to another, x first; null where it has no place there."""
    assert _SYSTEM.fullmatch(system) and _SYSTEM.fullmatch(start)
    return f"TRY(ST_Transform({{0}}, '{start}', '{system}', true))"
