"""Other tables: rows of another dataset put beside those of the file, or after them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import parquet_rows
from parvis.core.profiling.parsers import filled, trimmed
from parvis.core.staging import ROWS, StagedColumn, quote_identifier
from parvis.core.text import header_key
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.model import (
    DATASET,
    EXTRACT,
    Choice,
    Group,
    Kind,
    Parameter,
    Preparation,
)
from parvis.core.transforms.preparation.work import Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_WRITTEN: Mapping[ColumnType, str] = {
    ColumnType.DATE: "strftime({cell}, '%Y-%m-%d')",
    ColumnType.DATETIME: "regexp_replace(strftime({cell}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ'), '[.]0+Z$', 'Z')",
    ColumnType.GEO_POINT: "ST_AsText({cell})",
    ColumnType.GEO_SHAPE: "ST_AsText({cell})",
}


def _text(column: Column) -> str:
    """SQL: a typed cell of a version as text."""
    return _WRITTEN.get(column.type, "{cell}::VARCHAR").format(cell=quote_identifier(column.name))


def _column(work: Work, table: SideTable, identifier: str, word: str) -> Column:
    for column in table.shape:
        if word in (column.label, column.name):
            return column
    labels = ", ".join(column.label for column in table.shape)
    raise work.refuse(
        Sentence(
            "« {name} » n’a pas de colonne « {column} » (elle a : {labels})",
            {"name": identifier, "column": word[:80], "labels": labels[:500]},
        )
    )


def _key(cell: str, form: str) -> str:
    """SQL: a key as both sides are compared."""
    text = trimmed(cell)
    return f"lower(strip_accents({text}))" if form == "loose" else text


def _join(work: Work, values: Mapping[str, Any]) -> Result:
    identifier, many = values["dataset"], values["many"]
    table = work.table(DATASET + identifier)
    keys = {header: _column(work, table, identifier, word) for header, word in values["on"].items()}
    take = {work.free(new): _column(work, table, identifier, word) for new, word in values["take"].items()}
    own = [_key(work.text(header), values["compare"]) for header in keys]
    tests = [f"coalesce({filled(work.text(header))}, false)" for header in keys]
    other = [f"{_key(_text(column), values['compare'])} AS k_{rank}" for rank, column in enumerate(keys.values())]
    cells = [f"{_text(column)} AS t_{rank}" for rank, column in enumerate(take.values())]
    # Of rows that have the same key, the first one is that of the dataset: a window without an order takes any.
    rows = f"SELECT {', '.join([*other, *cells])}, row_number() OVER () AS other_place FROM {parquet_rows(table.files)}"
    grouped = ", ".join(f"k_{rank}" for rank in range(len(keys)))
    work.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE joined AS SELECT *, row_number() OVER (PARTITION BY {grouped} ORDER BY other_place) AS turn, count(*) OVER (PARTITION BY {grouped}) AS copies FROM ({rows})"
    )
    on = " AND ".join(f"j.k_{rank} = {key}" for rank, key in enumerate(own))
    if many == "all":
        # Counted before they are made: a key that repeats on both sides multiplies rows.
        counted = (
            f"SELECT coalesce(sum(coalesce(j.copies, 1)), 0) FROM {ROWS} LEFT JOIN joined j ON {on} AND j.turn = 1"
        )
        work.check_rows(work.number(counted))
    first = "" if many == "all" else " AND j.turn = 1"
    numbered = f"(SELECT *, row_number() OVER () AS place FROM {ROWS})"
    source = f"{numbered} {ROWS} {'LEFT ' if values['keep'] else ''}JOIN joined j ON {on}{first}"
    shown = " || ' · ' || ".join(f"coalesce({work.text(header)}, '')" for header in keys)
    failures = [Failure(f"({' AND '.join(tests)}) AND copies IS NULL", shown, "not-in-dataset")]
    if many == "fail":
        failures.append(Failure("copies > 1", shown, "several-in-dataset"))
    made = {}
    for rank, (new, column) in enumerate(take.items()):
        sql = f"CASE WHEN copies > 1 THEN NULL ELSE t_{rank} END" if many == "fail" else f"t_{rank}"
        made[new] = Cell(sql, column.type, () if rank else tuple(failures))
    result = work.put(made, source=source, order="place, turn", select="*")
    staged = replace(result.staged, rows=work.number(f"SELECT count(*) FROM {ROWS}"))
    return Result(staged, result.rows, result.cells, result.failures, {"version": table.version, "dataset": identifier})


def _folded(by_label: Mapping[str, Column], headers: Sequence[str]) -> tuple[dict[str, Column], list[str]]:
    """The columns of the other table by the headers of this one where the names differ by capitals and accents only; which."""
    free = {header_key(header): header for header in reversed(headers) if header not in by_label}
    named, pairs = {}, []
    for label, column in by_label.items():
        header = None if label in headers else free.pop(header_key(label), None)
        named[header or label] = column
        if header:
            pairs.append(f"{label} → {header}")
    return named, pairs


def _union(work: Work, values: Mapping[str, Any]) -> Result:
    identifier = values["dataset"]
    table = work.table(DATASET + identifier)
    work.check_rows(work.staged.rows + table.rows)
    names = {former: new for new, former in (values["names"] or {}).items()}
    by_label = {names.get(column.label, column.label): column for column in table.shape}
    by_label, folded = _folded(by_label, [column.header for column in work.staged.columns])
    only_here = [column.header for column in work.staged.columns if column.header not in by_label]
    only_there = [label for label in by_label if label not in {column.header for column in work.staged.columns}]
    types = work.types
    columns, own, other = list(work.staged.columns), [], []
    for column in work.staged.columns:
        own.append(quote_identifier(column.name))
        match = by_label.pop(column.header, None)
        shape = types[column.name] == "GEOMETRY"
        text = (
            quote_identifier(match.name)
            if match and shape and match.type.is_geographic
            else _text(match)
            if match and not shape
            else "NULL"
        )
        other.append(f"{text} AS {quote_identifier(column.name)}")
    if values["columns"] == "both":
        fresh = work.next_names(len(by_label))
        for name, (label, added) in zip(fresh, by_label.items(), strict=True):
            columns.append(StagedColumn(name, label, added.type))
            own.append(f"NULL::VARCHAR AS {name}")
            other.append(f"{_text(added)} AS {name}")
    elif len(by_label) == len(table.shape):
        raise work.refuse(Sentence("« {name} » n’a aucune colonne de ce fichier", {"name": identifier}))
    if values["origin"]:
        header = work.free(values["origin"])
        if any(column.header == header for column in columns):
            raise work.refuse(Sentence("deux colonnes s’appelleraient « {column} »", {"column": header}))
        name = work.next_names(1 + len(columns) - len(work.staged.columns))[-1]
        columns.append(StagedColumn(name, header, ColumnType.TEXT))
        own.append(f"{work.bind(values['own_name'])}::VARCHAR AS {name}")
        other.append(f"{work.bind(table.title or identifier)}::VARCHAR AS {name}")
    cells = ", ".join(own)
    appended = f"SELECT NULL::BIGINT AS line, {', '.join(other)} FROM {parquet_rows(table.files)}"
    select = f"SELECT line, {cells} FROM {ROWS} UNION ALL BY NAME {appended}"
    result = work.select(
        f"SELECT coalesce(line, 0) AS line, {', '.join(quote_identifier(c.name) for c in columns)} FROM ({select})",
        columns,
    )
    differing = {"only_here": only_here, "only_there": only_there, "folded": folded}
    return Result(result.staged, result.rows, 0, 0, {"version": table.version, "dataset": identifier, **differing})


def extract_key(values: Mapping[str, Any]) -> str:
    """What an extract asks of a dataset, by the parameters of its step: the name of the table that answers it."""
    columns = values.get("columns") or []
    question = {
        "dataset": values.get("dataset") or "",
        "where": values.get("where") or "",
        "language": values.get("language") or ODSQL,
        "columns": [columns] if isinstance(columns, str) else list(columns),
        "types": dict(values.get("types") or {}),
    }
    return EXTRACT + json.dumps(question, ensure_ascii=False, sort_keys=True)


def _needed(values: Mapping[str, Any]) -> Iterable[str]:
    return (extract_key(values),)


def _extract(work: Work, values: Mapping[str, Any]) -> Result:
    """The rows of the other dataset in the place of the table, each cell of the type that it has there."""
    table = work.table(extract_key(values))
    work.check_rows(table.rows)
    columns = [StagedColumn(f"c{rank}", column.name, column.type) for rank, column in enumerate(table.shape)]
    cells = ", ".join(f"{_staged(column)} AS c{rank}" for rank, column in enumerate(table.shape))
    rows = f"SELECT row_number() OVER () AS line, {cells} FROM {parquet_rows(table.files)}"
    result = work.select(rows, columns)
    return Result(result.staged, result.rows, 0, 0, {"version": table.version, "dataset": values["dataset"]})


def _staged(column: Column) -> str:
    """SQL: a typed cell as the readers of files stage it: shapes as shapes, lists as JSON."""
    if column.type.is_geographic:
        return quote_identifier(column.name)
    if column.annotations.get("multivalued"):
        return f"to_json({quote_identifier(column.name)})::VARCHAR"
    return _text(column)


_DATASET = Parameter("dataset", Kind.DATASET, gettext_noop("Jeu de données"))
WHEN_CHANGED = Parameter(
    "when_changed", Kind.CHOICE, gettext_noop("Quand ce jeu change"), required=False, default="remake",
    choices=(Choice("remake", gettext_noop("refaire celui-ci")), Choice("tell", gettext_noop("prévenir l’organisation")), Choice("nothing", gettext_noop("ne rien faire"))),
)  # fmt: skip
"""What happens when a dataset that a step reads has a new version."""
ODSQL, V1 = "odsql", "v1"
"""The languages of the condition of an extract: that of the API, and that of its first version (``core.explore_v1``)."""

OTHER_TABLES: tuple[Preparation, ...] = (
    Preparation(
        "join", Group.TABLES, gettext_noop("Joindre un autre jeu de données"),
        gettext_noop("Ajoute des colonnes prises dans un autre jeu de données, d’après une clé commune."),
        gettext_noop("Colonnes jointes du jeu {dataset} d’après {on} : {take}"),
        (
            _DATASET, Parameter("on", Kind.NAMES, gettext_noop("Colonne d’ici, puis colonne de l’autre jeu")),
            Parameter("take", Kind.VALUES, gettext_noop("Nouvelle colonne, puis colonne de l’autre jeu")),
            Parameter(
                "many", Kind.CHOICE, gettext_noop("Quand plusieurs lignes conviennent"), required=False, default="fail",
                choices=(
                    Choice("fail", gettext_noop("le signaler comme échec")), Choice("first", gettext_noop("prendre la première")),
                    Choice("all", gettext_noop("faire une ligne de chacune")),
                ),
            ),
            Parameter(
                "compare", Kind.CHOICE, gettext_noop("Comparer"), required=False, default="exact",
                choices=(Choice("exact", gettext_noop("exactement")), Choice("loose", gettext_noop("sans majuscules ni accents"))),
            ),
            Parameter("keep", Kind.BOOLEAN, gettext_noop("Garder les lignes sans correspondance"), required=False, default=True),
            WHEN_CHANGED,
        ), _join, fails=True,
    ),
    Preparation(
        "union", Group.TABLES, gettext_noop("Ajouter les lignes d’un autre jeu de données"),
        gettext_noop("Ajoute à la fin les lignes d’un autre jeu de données qui a les mêmes colonnes."),
        gettext_noop("Lignes du jeu {dataset} ajoutées"),
        (
            _DATASET, Parameter("names", Kind.NAMES, gettext_noop("Colonne d’ici, puis colonne de l’autre jeu qui ne s’appelle pas pareil"), required=False),
            Parameter(
                "columns", Kind.CHOICE, gettext_noop("Colonnes"), required=False, default="file",
                choices=(Choice("file", gettext_noop("celles du fichier")), Choice("both", gettext_noop("celles des deux"))),
            ),
            Parameter("origin", Kind.NEW, gettext_noop("Colonne qui dit d’où vient chaque ligne"), required=False),
            Parameter("own_name", Kind.TEXT, gettext_noop("Ce qu’elle dit des lignes du fichier (celles de l’autre jeu ont son titre)"), required=False, default=""),
            WHEN_CHANGED,
        ), _union,
    ),
    Preparation(
        "extract", Group.TABLES, gettext_noop("Faire un extrait d’un autre jeu de données"),
        gettext_noop("Met à la place du fichier les lignes d’un autre jeu de données qui remplissent une condition."),
        gettext_noop("Extrait du jeu {dataset}, condition : {where}"),
        (
            _DATASET, Parameter("where", Kind.QUERY, gettext_noop("Condition (sinon toutes les lignes)"), required=False),
            Parameter(
                "language", Kind.CHOICE, gettext_noop("Langage de la condition"), required=False, default=ODSQL,
                choices=(Choice(ODSQL, gettext_noop("ODSQL, celui de l’API")), Choice(V1, gettext_noop("celui de la première version de l’API"))),
            ),
            Parameter("columns", Kind.TEXTS, gettext_noop("Noms techniques des colonnes gardées (sinon toutes)"), required=False),
            Parameter("types", Kind.VALUES, gettext_noop("Colonne de la condition, puis le type qu’elle doit garder"), required=False),
            WHEN_CHANGED,
        ), _extract, needs=_needed,
    ),
)  # fmt: skip
"""One row a step."""
