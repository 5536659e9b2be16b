"""The shape of a table: rows added up, values made columns, columns made rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import filled, trimmed
from parvis.core.staging import ROWS, StagedColumn, quote_identifier
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.values import number_of, plain_number, reading
from parvis.core.transforms.preparation.work import Result, Work
from parvis.core.translation import Sentence, gettext_noop

MOST_PIVOTED = 500
"""Columns that a pivot may make."""

_FUNCTIONS: Mapping[str, str] = {
    "count": "count_if({filled})::VARCHAR",
    "distinct": "count(DISTINCT CASE WHEN {filled} THEN {text} END)::VARCHAR",
    "sum": "sum({number})",
    "mean": "avg({number})",
    "median": "median({number})",
    "min": "min({number})",
    "max": "max({number})",
    "first": "first({text} ORDER BY place) FILTER (WHERE {filled})",
    "last": "last({text} ORDER BY place) FILTER (WHERE {filled})",
    "list": "string_agg(DISTINCT {text}, ' ; ' ORDER BY {text}) FILTER (WHERE {filled})",
    "min-date": "strftime(min({day}), '%Y-%m-%d')",
    "max-date": "strftime(max({day}), '%Y-%m-%d')",
}
_COMPUTED = frozenset({"sum", "mean", "median", "min", "max"})
_HINTS: Mapping[str, ColumnType] = {
    "count": ColumnType.INT,
    "distinct": ColumnType.INT,
    **dict.fromkeys(_COMPUTED, ColumnType.DOUBLE),
    "min-date": ColumnType.DATE,
    "max-date": ColumnType.DATE,
}
FUNCTIONS = (
    Choice("count", gettext_noop("nombre de cellules remplies")), Choice("distinct", gettext_noop("nombre de valeurs différentes")),
    Choice("sum", gettext_noop("somme")), Choice("mean", gettext_noop("moyenne")), Choice("median", gettext_noop("médiane")),
    Choice("min", gettext_noop("plus petit nombre")), Choice("max", gettext_noop("plus grand nombre")),
    Choice("first", gettext_noop("première valeur")), Choice("last", gettext_noop("dernière valeur")),
    Choice("list", gettext_noop("liste des valeurs")), Choice("min-date", gettext_noop("première date")), Choice("max-date", gettext_noop("dernière date")),
)  # fmt: skip


def _aggregate_sql(work: Work, function: str, header: str) -> str:
    cell = work.text(header)
    sql = _FUNCTIONS[function].format(
        filled=f"coalesce({filled(cell)}, false)", text=cell, number=number_of(cell), day=reading(cell, "date")
    )
    return plain_number(f"round({sql}, 9)") if function in _COMPUTED else sql


def _numbered() -> str:
    return f"(SELECT *, row_number() OVER () AS place FROM {ROWS})"


def _aggregate(work: Work, values: Mapping[str, Any]) -> Result:
    by = [work.column(header) for header in values["by"] or []]
    made = [(column.header, quote_identifier(column.name), column.hint) for column in by]
    for item in values["values"]:
        function, header = item.get("do"), item.get("column", "")
        if (
            set(item) - {"to", "do", "column"}
            or (function not in _FUNCTIONS and function != "rows")
            or not isinstance(item.get("to"), str)
        ):
            raise work.refuse(
                Sentence(
                    "un calcul a « to », « do » ({functions}) et « column »",
                    {"functions": ", ".join(["rows", *_FUNCTIONS])},
                )
            )
        sql = "count(*)::VARCHAR" if function == "rows" else _aggregate_sql(work, str(function), str(header))
        made.append((item["to"], sql, _HINTS.get(str(function), ColumnType.INT if function == "rows" else None)))
    headers = [header for header, _sql, _hint in made]
    if double := next((header for header in headers if headers.count(header) > 1), None):
        raise work.refuse(Sentence("deux colonnes s’appelleraient « {column} »", {"column": double}))
    columns = [StagedColumn(f"c{rank}", header, hint) for rank, (header, _sql, hint) in enumerate(made)]
    chosen = ", ".join(f"{sql} AS made_{rank}" for rank, (_header, sql, _hint) in enumerate(made))
    names = ", ".join(f"made_{rank} AS c{rank}" for rank in range(len(made)))
    keys = ", ".join(quote_identifier(column.name) for column in by)
    grouped = f"GROUP BY {keys}" if keys else ""
    inner = f"SELECT min(line) AS line, min(place) AS first_place, {chosen} FROM {_numbered()} {grouped}"
    return work.select(f"SELECT line, {names} FROM ({inner}) ORDER BY first_place", columns)


def _pivot(work: Work, values: Mapping[str, Any]) -> Result:
    names_column = work.cell(values["column"])
    by = [work.column(header) for header in values["by"]]
    name = trimmed(names_column)
    rows = work.execute(
        f"SELECT value FROM (SELECT {name} AS value, row_number() OVER () AS place FROM {ROWS}) WHERE value <> '' "
        f"GROUP BY value ORDER BY min(place) LIMIT {MOST_PIVOTED + 1}"
    ).fetchall()
    if len(rows) > MOST_PIVOTED:
        raise work.refuse(
            Sentence(
                "« {column} » a plus de {limit} valeurs différentes : elles feraient autant de colonnes",
                {"column": values["column"], "limit": MOST_PIVOTED},
            )
        )
    labels = [str(value) for (value,) in rows]
    taken = {column.header for column in by}
    function = values["function"]
    columns = [StagedColumn(f"c{rank}", column.header, column.hint) for rank, column in enumerate(by)]
    chosen = [quote_identifier(column.name) for column in by]
    for label in labels:
        header = values["prefix"] + label
        if header in taken:
            raise work.refuse(Sentence("deux colonnes s’appelleraient « {column} »", {"column": header}))
        taken.add(header)
        test = f"{name} = {work.bind(label)}::VARCHAR"
        chosen.append(_filtered(_aggregate_raw(work, function, values["value"]), test, function))
        columns.append(StagedColumn(f"c{len(columns)}", header, _HINTS.get(function)))
    aliases = ", ".join(f"{sql} AS made_{rank}" for rank, sql in enumerate(chosen))
    outer = ", ".join(f"made_{rank} AS c{rank}" for rank in range(len(chosen)))
    keys = ", ".join(quote_identifier(column.name) for column in by)
    inner = f"SELECT min(line) AS line, min(place) AS first_place, {aliases} FROM {_numbered()} GROUP BY {keys}"
    return work.select(f"SELECT line, {outer} FROM ({inner}) ORDER BY first_place", columns, {"made": len(labels)})


def _aggregate_raw(work: Work, function: str, header: str) -> str:
    """SQL of a value from which the rows of one column of the pivot are chosen."""
    cell = work.text(header)
    return {"sum": number_of(cell), "mean": number_of(cell), "min": number_of(cell), "max": number_of(cell)}.get(
        function, cell
    )


def _filtered(value: str, test: str, function: str) -> str:
    filters: Mapping[str, str] = {
        "count": f"(count(nullif({value}, '')) FILTER (WHERE {test}))::VARCHAR",
        "first": f"first({value} ORDER BY place) FILTER (WHERE {test} AND {value} <> '')",
        "last": f"last({value} ORDER BY place) FILTER (WHERE {test} AND {value} <> '')",
        "list": f"string_agg(DISTINCT {value}, ' ; ' ORDER BY {value}) FILTER (WHERE {test} AND {value} <> '')",
    }
    if function in filters:
        return filters[function]
    sql = {"sum": "sum", "mean": "avg", "min": "min", "max": "max"}[function]
    return plain_number(f"round({sql}({value}) FILTER (WHERE {test}), 9)")


def _unpivot(work: Work, values: Mapping[str, Any]) -> Result:
    turned = list(dict.fromkeys(work.column(header) for header in values["columns"]))
    for column in turned:
        work.cell(column.header or column.name)
    rest = [column for column in work.staged.columns if column not in turned]
    gone = [column.header for column in turned]
    name, value = work.free(values["name"], gone), work.free(values["value"], gone)
    if name == value:
        raise work.refuse(Sentence("deux colonnes s’appelleraient « {column} »", {"column": name}))
    work.check_rows(work.staged.rows * len(turned))
    headers = ", ".join(f"{work.bind(column.header)}::VARCHAR" for column in turned)
    cells = ", ".join(quote_identifier(column.name) for column in turned)
    chosen = [f"{quote_identifier(column.name)} AS c{rank}" for rank, column in enumerate(rest)]
    pairs = f"SELECT *, unnest([{headers}]) AS turned_name, unnest([{cells}]) AS turned_value FROM {ROWS}"
    chosen += [f"turned_name AS c{len(rest)}", f"turned_value AS c{len(rest) + 1}"]
    where = "" if values["empty"] else f"WHERE coalesce({filled('turned_value')}, false)"
    columns = [StagedColumn(f"c{rank}", column.header, column.hint) for rank, column in enumerate(rest)]
    hints = {column.hint for column in turned}
    columns += [
        StagedColumn(f"c{len(rest)}", name, ColumnType.TEXT),
        StagedColumn(f"c{len(rest) + 1}", value, hints.pop() if len(hints) == 1 else None),
    ]
    return work.select(f"SELECT line, {', '.join(chosen)} FROM ({pairs}) {where}", columns)


_PIVOTED = ("count", "first", "last", "list", "sum", "mean", "min", "max")

SHAPES: tuple[Preparation, ...] = (
    Preparation(
        "aggregate", Group.SHAPE, gettext_noop("Grouper et calculer"),
        gettext_noop("Fait une ligne par groupe, avec des sommes, des nombres, des listes…"),
        gettext_noop("Lignes groupées par {by} : {values}"),
        (
            Parameter("by", Kind.COLUMNS, gettext_noop("Grouper par"), required=False),
            Parameter("values", Kind.AGGREGATES, gettext_noop("Calculs"), choices=FUNCTIONS),
        ), _aggregate,
    ),
    Preparation(
        "pivot", Group.SHAPE, gettext_noop("Mettre des valeurs en colonnes"),
        gettext_noop("Fait une colonne de chaque valeur d’une colonne (500 au plus), une ligne par groupe."),
        gettext_noop("Valeurs de {column} mises en colonnes, par {by}"),
        (
            Parameter("column", Kind.COLUMN, gettext_noop("Colonne dont les valeurs deviennent des colonnes")),
            Parameter("value", Kind.COLUMN, gettext_noop("Colonne qui les remplit")),
            Parameter("by", Kind.COLUMNS, gettext_noop("Une ligne par")),
            Parameter("function", Kind.CHOICE, gettext_noop("Quand il y en a plusieurs"), required=False, default="first", choices=tuple(c for c in FUNCTIONS if c.value in _PIVOTED)),
            Parameter("prefix", Kind.TEXT, gettext_noop("Devant les noms"), required=False, default=""),
        ), _pivot,
    ),
    Preparation(
        "unpivot", Group.SHAPE, gettext_noop("Mettre des colonnes en lignes"),
        gettext_noop("Fait une ligne de chaque cellule de ces colonnes, avec le nom de la colonne."),
        gettext_noop("Colonnes {columns} mises en lignes : {name} et {value}"),
        (
            Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes")),
            Parameter("name", Kind.NEW, gettext_noop("Colonne des noms")), Parameter("value", Kind.NEW, gettext_noop("Colonne des valeurs")),
            Parameter("empty", Kind.BOOLEAN, gettext_noop("Garder les cellules vides"), required=False, default=False),
        ), _unpivot,
    ),
)  # fmt: skip
"""One row a step."""
