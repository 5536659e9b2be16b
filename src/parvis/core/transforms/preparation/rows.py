"""Rows: filtered, in order, without doubles, split; and what must be true of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from parvis.core.profiling.parsers import BLANKS, filled, trimmed
from parvis.core.staging import ROWS, quote_identifier
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.texts import checked_pattern
from parvis.core.transforms.preparation.values import number_of, reading
from parvis.core.transforms.preparation.work import Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_NUMERIC = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


def _compared(work: Work, cell: str, test: str, value: str) -> str:
    """Numbers when the value is one, else days, else texts in their order."""
    bound = f"{work.bind(value)}::VARCHAR"
    for read in (number_of, lambda text: reading(text, "date")):
        row = work.execute(f"SELECT {read(bound)}").fetchone()
        if row and row[0] is not None:
            return f"coalesce({read(cell)} {_NUMERIC[test]} {read(bound)}, false)"
    return f"coalesce({cell} {_NUMERIC[test]} {bound}, false)"


_TESTS: Mapping[str, Callable[[Work, str, str], str]] = {
    "is": lambda work, cell, value: f"coalesce({trimmed(cell)} = {work.bind(value)}::VARCHAR, false)",
    "is-not": lambda work, cell, value: f"coalesce({trimmed(cell)} <> {work.bind(value)}::VARCHAR, true)",
    "contains": lambda work, cell, value: (
        f"coalesce(contains(lower(strip_accents({cell})), lower(strip_accents({work.bind(value)}::VARCHAR))), false)"
    ),
    "starts": lambda work, cell, value: f"coalesce(starts_with({cell}, {work.bind(value)}::VARCHAR), false)",
    "ends": lambda work, cell, value: f"coalesce(ends_with({cell}, {work.bind(value)}::VARCHAR), false)",
    "matches": lambda work, cell, value: f"coalesce(regexp_matches({cell}, {checked_pattern(work, value)}), false)",
    **{test: (lambda work, cell, value, test=test: _compared(work, cell, test, value)) for test in _NUMERIC},  # type: ignore[misc]
}
_BARE: Mapping[str, Callable[[str], str]] = {
    "empty": lambda cell: f"NOT coalesce({filled(cell)}, false)",
    "filled": lambda cell: f"coalesce({filled(cell)}, false)",
    "number": lambda cell: f"{number_of(cell)} IS NOT NULL",
    "date": lambda cell: f"{reading(cell, 'date')} IS NOT NULL",
}
TESTS = (
    Choice("is", gettext_noop("est")), Choice("is-not", gettext_noop("n’est pas")), Choice("in", gettext_noop("est l’un de")),
    Choice("not-in", gettext_noop("n’est aucun de")), Choice("contains", gettext_noop("contient")), Choice("starts", gettext_noop("commence par")),
    Choice("ends", gettext_noop("finit par")), Choice("matches", gettext_noop("suit l’expression régulière")),
    Choice("<", gettext_noop("est avant ou plus petit que")), Choice("<=", gettext_noop("est au plus")),
    Choice(">", gettext_noop("est après ou plus grand que")), Choice(">=", gettext_noop("est au moins")),
    Choice("empty", gettext_noop("est vide")), Choice("filled", gettext_noop("est rempli")),
    Choice("number", gettext_noop("est un nombre")), Choice("date", gettext_noop("est une date")),
)  # fmt: skip


def condition(work: Work, item: Mapping[str, Any]) -> str:
    """SQL of one condition; refused when it is not understood."""
    unknown = set(item) - {"column", "is", "value"}
    header, test, value = item.get("column"), item.get("is", "is"), item.get("value")
    if unknown or not isinstance(header, str):
        raise work.refuse(Sentence("une condition a « column », « is » et « value »"))
    cell = work.text(header)
    if test in _BARE:
        return _BARE[test](cell)
    if test in ("in", "not-in"):
        if not isinstance(value, list) or not value or len(value) > 10_000:
            raise work.refuse(Sentence("« {test} » attend une liste de valeurs", {"test": str(test)}))
        inside = (
            f"coalesce(list_contains({work.bind([str(item) for item in value])}::VARCHAR[], {trimmed(cell)}), false)"
        )
        return inside if test == "in" else f"NOT {inside}"
    if test not in _TESTS:
        raise work.refuse(Sentence("le test « {test} » n’existe pas", {"test": str(test)[:40]}))
    if value is None or isinstance(value, list | dict):
        raise work.refuse(Sentence("« {test} » attend une valeur", {"test": str(test)}))
    return _TESTS[test](work, cell, str(value))


def _where(work: Work, values: Mapping[str, Any]) -> str:
    tests = [f"({condition(work, item)})" for item in values["where"]]
    return (" AND " if values["match"] == "all" else " OR ").join(tests)


def _filter(work: Work, values: Mapping[str, Any]) -> Result:
    where = _where(work, values)
    if not values["keep"]:
        where = f"NOT ({where})"
    return work.select(f"SELECT * FROM {ROWS} WHERE {where}")


def _expect(work: Work, values: Mapping[str, Any]) -> Result:
    header = str(values["where"][0].get("column", ""))
    cell = work.cell(header)
    failure = Failure(f"NOT ({_where(work, values)})", f"coalesce({cell}, '')", "not-expected")
    column = work.column(header)
    # The cell stays as it is: what is wrong is told, and the row goes when the step says so.
    return work.put({header: Cell(cell, column.hint, (failure,))})


def _deduplicate(work: Work, values: Mapping[str, Any]) -> Result:
    columns = [work.column(header) for header in values["columns"]] if values["columns"] else list(work.staged.columns)
    keys = ", ".join(f"coalesce({quote_identifier(c.name)}::VARCHAR, '')" for c in columns)
    names = ", ".join(quote_identifier(c.name) for c in work.staged.columns)
    order = "place" if values["keep"] == "first" else "place DESC"
    numbered = f"SELECT *, row_number() OVER () AS place FROM {ROWS}"
    ranked = f"SELECT *, row_number() OVER (PARTITION BY {keys} ORDER BY {order}) AS turn FROM ({numbered})"
    return work.select(f"SELECT line, {names} FROM ({ranked}) WHERE turn = 1 ORDER BY place")


def _sort(work: Work, values: Mapping[str, Any]) -> Result:
    way = "DESC" if values["descending"] else "ASC"
    orders = []
    for header in values["columns"]:
        cell = work.text(header)
        orders += [
            f"{number_of(cell)} {way} NULLS LAST",
            f"{reading(cell, 'date')} {way} NULLS LAST",
            f"{cell} {way} NULLS LAST",
        ]
    numbered = f"SELECT *, row_number() OVER () AS place FROM {ROWS}"
    names = ", ".join(quote_identifier(c.name) for c in work.staged.columns)
    result = work.select(f"SELECT line, {names} FROM ({numbered}) ORDER BY {', '.join(orders)}, place")
    return Result(result.staged)


def _slice(work: Work, values: Mapping[str, Any]) -> Result:
    limit = f"LIMIT {int(values['limit'])}" if values["limit"] is not None else ""
    return work.select(f"SELECT * FROM {ROWS} {limit} OFFSET {int(values['skip'])}")


def _split_rows(work: Work, values: Mapping[str, Any]) -> Result:
    header = values["column"]
    cell, column = work.cell(header), work.column(header)
    if not values["by"]:
        raise work.refuse(Sentence("il faut un séparateur"))
    # « a ; b ; » has two values: what is empty between two separators, or after the last, is no row.
    parts = f"list_filter(string_split({cell}, {work.bind(values['by'])}::VARCHAR), lambda part: trim(part, '{BLANKS}') <> '')"
    parts = f"(CASE WHEN len({parts}) > 0 THEN {parts} ELSE [NULL] END)"
    work.check_rows(work.number(f"SELECT sum(greatest(coalesce(len({parts}), 1), 1)) FROM {ROWS}"))
    chosen = ", ".join(
        f"trim(unnest({parts}), '{BLANKS}') AS {quote_identifier(c.name)}"
        if c.name == column.name
        else quote_identifier(c.name)
        for c in work.staged.columns
    )
    return work.select(f"SELECT line, {chosen} FROM {ROWS}")


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_WHERE = Parameter("where", Kind.CONDITIONS, gettext_noop("Conditions"))
_MATCH = Parameter(
    "match", Kind.CHOICE, gettext_noop("Il faut"), required=False, default="all",
    choices=(Choice("all", gettext_noop("toutes les conditions")), Choice("any", gettext_noop("une des conditions"))),
)  # fmt: skip

ROW_STEPS: tuple[Preparation, ...] = (
    Preparation(
        "filter", Group.ROWS, gettext_noop("Filtrer les lignes"),
        gettext_noop("Garde les lignes qui remplissent les conditions, ou les retire."),
        gettext_noop("Lignes choisies : {where}"),
        (_WHERE, _MATCH, Parameter("keep", Kind.BOOLEAN, gettext_noop("Garder ces lignes (sinon les retirer)"), required=False, default=True)), _filter,
    ),
    Preparation(
        "expect", Group.ROWS, gettext_noop("Vérifier chaque ligne"),
        gettext_noop("Signale comme échec chaque ligne qui ne remplit pas les conditions."),
        gettext_noop("Lignes vérifiées : {where}"), (_WHERE, _MATCH), _expect, fails=True,
    ),
    Preparation(
        "deduplicate", Group.ROWS, gettext_noop("Retirer les doublons"),
        gettext_noop("Ne garde qu’une ligne par valeur de ces colonnes (de toutes, si aucune n’est choisie)."),
        gettext_noop("Doublons retirés, d’après {columns}"),
        (
            Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes"), required=False),
            Parameter(
                "keep", Kind.CHOICE, gettext_noop("Garder"), required=False, default="first",
                choices=(Choice("first", gettext_noop("la première ligne")), Choice("last", gettext_noop("la dernière ligne"))),
            ),
        ), _deduplicate,
    ),
    Preparation(
        "sort", Group.ROWS, gettext_noop("Trier les lignes"),
        gettext_noop("Met les lignes dans l’ordre de ces colonnes : nombres, dates, puis textes."),
        gettext_noop("Lignes triées d’après {columns}"),
        (
            Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes")),
            Parameter("descending", Kind.BOOLEAN, gettext_noop("Du plus grand au plus petit"), required=False, default=False),
        ), _sort,
    ),
    Preparation(
        "slice", Group.ROWS, gettext_noop("Passer les premières lignes"),
        gettext_noop("Passe les premières lignes, ou n’en garde qu’un nombre."),
        gettext_noop("{skip} premières lignes passées"),
        (
            Parameter("skip", Kind.INTEGER, gettext_noop("Lignes à passer"), required=False, default=0, low=0, high=1_000_000_000),
            Parameter("limit", Kind.INTEGER, gettext_noop("Lignes à garder ensuite"), required=False, low=0, high=1_000_000_000),
        ), _slice,
    ),
    Preparation(
        "split_rows", Group.ROWS, gettext_noop("Séparer une cellule en plusieurs lignes"),
        gettext_noop("Fait une ligne de chaque partie d’une cellule qui en tient plusieurs."),
        gettext_noop("Une ligne pour chaque valeur de {column}"),
        (_COLUMN, Parameter("by", Kind.TEXT, gettext_noop("Séparateur"))), _split_rows,
    ),
)  # fmt: skip
"""One row a step."""
