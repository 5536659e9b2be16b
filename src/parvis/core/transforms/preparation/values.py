"""Values: read as numbers, dates, yes and no; filled, emptied, rounded, dates taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import filled, trimmed
from parvis.core.profiling.table import PARSER_BY_NAME
from parvis.core.staging import ROWS, StagedColumn, quote_identifier
from parvis.core.text import SPACES
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.work import Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_READERS: Mapping[str, tuple[ColumnType, tuple[str, ...]]] = {
    "text": (ColumnType.TEXT, ()),
    "int": (ColumnType.INT, ("int", "int_point", "int_fr")),
    "double": (ColumnType.DOUBLE, ("double", "number_fr", "euros", "percent")),
    "boolean": (ColumnType.BOOLEAN, ("boolean", "boolean_fr", "boolean_on")),
    "date": (
        ColumnType.DATE,
        (
            "date_iso",
            "date_dmy",
            "date_dmy2",
            "date_ymd",
            "date_fr",
            "date_midnight",
            "date_compact",
            "month_iso",
            "month_fr",
        ),
    ),
    "date-us": (
        ColumnType.DATE,
        ("date_iso", "date_mdy", "date_mdy2", "date_ymd", "date_fr", "date_midnight", "date_compact"),
    ),
    "datetime": (ColumnType.DATETIME, ("datetime_iso", "datetime_dmy", "date_iso", "date_dmy")),
    "json": (ColumnType.JSON, ()),
}
"""How the detectors of the profiler read each type, the first that understands a cell first."""
_WRITTEN: Mapping[ColumnType, str] = {
    ColumnType.DATE: "strftime({value}, '%Y-%m-%d')",
    ColumnType.DATETIME: "regexp_replace(strftime({value}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ'), '[.]0+Z$', 'Z')",
}
_NUMBERS = frozenset({ColumnType.INT, ColumnType.DOUBLE})


def reading(cell: str, kind: str) -> str:
    """SQL: the typed value of a cell, NULL for what no detector of that type understands."""
    column_type, parsers = _READERS[kind]
    cast = {
        ColumnType.INT: "BIGINT",
        ColumnType.DOUBLE: "DOUBLE",
        ColumnType.DATE: "DATE",
        ColumnType.BOOLEAN: "BOOLEAN",
    }
    to = cast.get(column_type, "TIMESTAMPTZ")
    return "coalesce(" + ", ".join(f"({PARSER_BY_NAME[name].sql(cell)})::{to}" for name in parsers) + ")"


def number_of(cell: str) -> str:
    """SQL: the number in a cell, as French hands write it."""
    return reading(cell, "double")


def plain_number(value: str) -> str:
    """SQL: a number as text, whole ones without their zero."""
    return f"CASE WHEN {value} = trunc({value}) AND abs({value}) < 1e15 THEN ({value})::BIGINT::VARCHAR ELSE ({value})::VARCHAR END"


def _type(work: Work, values: Mapping[str, Any]) -> Result:
    kind = values["type"]
    column_type, parsers = _READERS[kind]
    cells = {}
    for header in dict.fromkeys(values["columns"]):
        cell = work.cell(header)
        if kind == "json":
            cells[header] = Cell(
                f"CASE WHEN json_valid({cell}) THEN {cell} END", column_type, (work.failing(header, "not-json"),)
            )
        elif not parsers:
            cells[header] = Cell(cell, column_type)
        else:
            value = reading(cell, kind)
            written = (
                plain_number(value)
                if kind == "double"
                else _WRITTEN.get(column_type, "({value})::VARCHAR").format(value=value)
            )
            cells[header] = Cell(written, column_type, (work.failing(header, f"not-{column_type}".replace("_", "-")),))
    return work.put(cells)


def _date(work: Work, values: Mapping[str, Any]) -> Result:
    formats = values["formats"]
    for form in formats:
        if not work.runs(f"SELECT strftime(DATE '2024-05-17', {work.bind(form)}::VARCHAR)"):
            raise work.refuse(Sentence("le format de date « {form} » est mal écrit", {"form": form}))
    bound = ", ".join(f"{work.bind(form)}::VARCHAR" for form in formats)
    cells = {}
    for header in dict.fromkeys(values["columns"]):
        value = f"try_strptime({trimmed(work.cell(header))}, [{bound}])"
        is_day = values["to"] == "date"
        written = f"strftime({value}, '{'%Y-%m-%d' if is_day else '%Y-%m-%dT%H:%M:%S'}')"
        cells[header] = Cell(
            written, ColumnType.DATE if is_day else ColumnType.DATETIME, (work.failing(header, "not-date"),)
        )
    return work.put(cells)


_PARTS: Mapping[str, str] = {
    "year": "year({day})", "quarter": "quarter({day})", "month": "month({day})", "week": "week({day})", "day": "day({day})",
    "weekday": "isodow({day})", "year-month": "strftime({day}, '%Y-%m')", "hour": "hour({day})",
}  # fmt: skip


_OFFSET = r"(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(?:Z|[+-]\d{2}(?::?\d{2})?)\s*$"


def _date_part(work: Work, values: Mapping[str, Any]) -> Result:
    header, part = values["column"], values["part"]
    # The hour and the day that are written: 1 January at half past midnight in Paris is in another year in London.
    cell = f"regexp_replace({work.cell(header)}, '{_OFFSET}', '\\1')"
    value = f"coalesce(({reading(cell, 'date')})::TIMESTAMP, ({reading(cell, 'datetime')})::TIMESTAMP)"
    if part == "hour":
        value = f"({reading(cell, 'datetime')})::TIMESTAMP"
    sql = f"({_PARTS[part].format(day=value)})::VARCHAR"
    hint = ColumnType.TEXT if part == "year-month" else ColumnType.INT
    return work.put({work.free(values["to"]): Cell(sql, hint, (work.failing(header, "not-date"),))}, after=header)


ZONES = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon", "Indian/Reunion", "Indian/Mayotte",
    "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis", "UTC",
)  # fmt: skip
"""Where French hours are told."""


def _timezone(work: Work, values: Mapping[str, Any]) -> Result:
    """Hours without an offset, read in a zone; an hour that the change to summer time skips is no hour."""
    zone, cells = work.bind(values["zone"]), {}
    for header in dict.fromkeys(values["columns"]):
        cell = work.cell(header)
        has_offset = f"regexp_matches({cell}, '{_OFFSET}')"
        local = f"({reading(cell, 'datetime')})::TIMESTAMP"
        instant = f"timezone('UTC', timezone({zone}::VARCHAR, {local}))"
        there = f"timezone({zone}::VARCHAR, timezone('UTC', {instant}))"
        value = f"CASE WHEN {has_offset} THEN {local} WHEN {there} = {local} THEN {instant} END"
        written = _WRITTEN[ColumnType.DATETIME].format(value=value)
        cells[header] = Cell(written, ColumnType.DATETIME, (work.failing(header, "not-datetime"),))
    return work.put(cells)


def _fill(work: Work, values: Mapping[str, Any]) -> Result:
    how, cells = values["from"], {}
    names = [column.name for column in work.staged.columns]
    for header in dict.fromkeys(values["columns"]):
        cell = work.cell(header)
        some = f"CASE WHEN {filled(cell)} THEN {cell} END"
        if how == "value":
            if values["value"] is None:
                raise work.refuse(Sentence("il manque « {name} »", {"name": "value"}))
            cells[header] = Cell(f"coalesce({some}, {work.bind(values['value'])}::VARCHAR)", work.column(header).hint)
        elif how == "column":
            other = work.cell(values["column"] or "")
            cells[header] = Cell(f"coalesce({some}, {other})", work.column(header).hint)
        else:
            frame = (
                "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
                if how == "above"
                else "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"
            )
            function = "last_value" if how == "above" else "first_value"
            cells[header] = Cell(
                f"{function}({some} IGNORE NULLS) OVER (ORDER BY place {frame})", work.column(header).hint
            )
    if how in ("value", "column"):
        return work.put(cells)
    kept_names = ", ".join(quote_identifier(name) for name in names)
    return work.put(
        cells, source=f"(SELECT line, {kept_names}, row_number() OVER () AS place FROM {ROWS})", order="place"
    )


def _empty(work: Work, values: Mapping[str, Any]) -> Result:
    words = f"{work.bind([word.strip().lower() for word in values['values']])}::VARCHAR[]"
    cells = {
        header: Cell(
            f"CASE WHEN list_contains({words}, lower({trimmed(cell)})) THEN NULL ELSE {cell} END",
            work.column(header).hint,
        )
        for header in dict.fromkeys(values["columns"])
        if (cell := work.cell(header))
    }
    return work.put(cells)


def _round(work: Work, values: Mapping[str, Any]) -> Result:
    cells = {}
    for header in dict.fromkeys(values["columns"]):
        cell = work.cell(header)
        value = f"round({number_of(cell)}, {int(values['decimals'])})"
        cells[header] = Cell(plain_number(value), ColumnType.DOUBLE, (work.failing(header, "not-double"),))
    return work.put(cells)


_GAP = f"[{SPACES} ]"
_FIRST_NUMBER = (
    f"(?:^\\s*[+-]{_GAP}?|[+-])?(?:[0-9]{{1,3}}(?:{_GAP}[0-9]{{3}})+\\b(?:[.,][0-9]+)?|[0-9]{{1,3}}(?:[.][0-9]{{3}})+,[0-9]+"
    "|[0-9]{1,3}(?:,[0-9]{3})+[.][0-9]+|[0-9]{1,3}(?:[.][0-9]{3}){2,}|[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3}\\b)?)"
)
"""Thousands by three digits, apart by a space or a point; a number beside another one is another number."""


def _number_after(work: Work, values: Mapping[str, Any]) -> Result:
    """Numbers with their unit, split: « 12,5 kg » gives 12.5 and « kg »."""
    header = values["column"]
    cell = f"translate({trimmed(work.cell(header))}, '−–', '--')"
    text = f"regexp_replace(regexp_extract({cell}, '{_FIRST_NUMBER}'), '[{SPACES}\\s]', '', 'g')"
    decimal = (
        f"CASE WHEN regexp_matches({text}, ',.*[.]') THEN replace({text}, ',', '') "
        f"WHEN contains({text}, ',') THEN replace(replace({text}, '.', ''), ',', '.') "
        f"WHEN regexp_matches({text}, '[.].*[.]') THEN replace({text}, '.', '') ELSE {text} END"
    )
    number = f"TRY_CAST({decimal} AS DOUBLE)"
    value = f"CASE WHEN isfinite({number}) THEN {number} END"
    failing = Failure(f"{filled(work.cell(header))} AND new_0 IS NULL", work.cell(header), "not-double")
    return work.put({work.free(values["to"]): Cell(plain_number(value), ColumnType.DOUBLE, (failing,))}, after=header)


def _hash_columns(staged: tuple[StagedColumn, ...]) -> str:
    return ", ".join(f"coalesce({quote_identifier(c.name)}::VARCHAR, '')" for c in staged)


def _identifier(work: Work, values: Mapping[str, Any]) -> Result:
    columns = tuple(work.column(header) for header in values["columns"])
    sql = f"left(sha256(concat_ws(chr(31), {_hash_columns(columns)})), {int(values['length'])})"
    return work.put({work.free(values["to"]): Cell(sql, ColumnType.TEXT)})


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_COLUMNS = Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes"))
_TO = Parameter("to", Kind.NEW, gettext_noop("Nouvelle colonne"))
_TYPES = (
    Choice("text", gettext_noop("texte")), Choice("int", gettext_noop("nombre entier")), Choice("double", gettext_noop("nombre décimal")),
    Choice("boolean", gettext_noop("oui ou non")), Choice("date", gettext_noop("date, jour d’abord")),
    Choice("date-us", gettext_noop("date, mois d’abord")), Choice("datetime", gettext_noop("date et heure")), Choice("json", gettext_noop("objet JSON")),
)  # fmt: skip

VALUES: tuple[Preparation, ...] = (
    Preparation(
        "type", Group.VALUES, gettext_noop("Lire comme un nombre, une date…"),
        gettext_noop("Lit les cellules comme on les écrit en France (« 1 234,5 € », « 3 mars 2024 », « oui ») et les récrit d’une seule façon."),
        gettext_noop("{columns} lu comme : {type}"),
        (_COLUMNS, Parameter("type", Kind.CHOICE, gettext_noop("Type"), choices=_TYPES)), _type, fails=True,
    ),
    Preparation(
        "date", Group.VALUES, gettext_noop("Lire des dates d’un format donné"),
        gettext_noop("Lit des dates dont vous donnez le format (%d jour, %m mois, %Y année, %H heure, %M minute)."),
        gettext_noop("Dates de {columns} lues au format {formats}"),
        (
            _COLUMNS, Parameter("formats", Kind.TEXTS, gettext_noop("Formats, le premier qui convient")),
            Parameter(
                "to", Kind.CHOICE, gettext_noop("Écrire"), required=False, default="date",
                choices=(Choice("date", gettext_noop("la date")), Choice("datetime", gettext_noop("la date et l’heure"))),
            ),
        ), _date, fails=True,
    ),
    Preparation(
        "date_part", Group.VALUES, gettext_noop("Extraire l’année, le mois… d’une date"),
        gettext_noop("Met dans une nouvelle colonne une partie d’une date."),
        gettext_noop("{to} extrait des dates de {column} : {part}"),
        (
            _COLUMN,
            Parameter(
                "part", Kind.CHOICE, gettext_noop("Partie"),
                choices=(
                    Choice("year", gettext_noop("année")), Choice("quarter", gettext_noop("trimestre")), Choice("month", gettext_noop("mois")),
                    Choice("week", gettext_noop("semaine")), Choice("day", gettext_noop("jour")), Choice("weekday", gettext_noop("jour de la semaine (lundi : 1)")),
                    Choice("year-month", gettext_noop("année et mois")), Choice("hour", gettext_noop("heure")),
                ),
            ), _TO,
        ), _date_part, fails=True,
    ),
    Preparation(
        "timezone", Group.VALUES, gettext_noop("Dire le fuseau d’heures locales"),
        gettext_noop("Lit des dates et heures écrites sans décalage comme l’heure d’un lieu, et les récrit en temps universel. À l’heure d’hiver, 2 h 30 lue deux fois est la seconde."),
        gettext_noop("Heures de {columns} lues à l’heure de {zone}"),
        (
            _COLUMNS,
            Parameter(
                "zone", Kind.CHOICE, gettext_noop("Fuseau"), required=False, default="Europe/Paris",
                choices=tuple(Choice(zone, zone) for zone in ZONES),
            ),
        ), _timezone, fails=True,
    ),
    Preparation(
        "fill", Group.VALUES, gettext_noop("Remplir les cellules vides"),
        gettext_noop("Remplit les cellules vides par une valeur, par une autre colonne, ou par la cellule du dessus ou du dessous."),
        gettext_noop("Cellules vides de {columns} remplies"),
        (
            _COLUMNS,
            Parameter(
                "from", Kind.CHOICE, gettext_noop("Par"), required=False, default="value",
                choices=(
                    Choice("value", gettext_noop("une valeur")), Choice("column", gettext_noop("une autre colonne")),
                    Choice("above", gettext_noop("la cellule remplie au-dessus")), Choice("below", gettext_noop("la cellule remplie en dessous")),
                ),
            ),
            Parameter("value", Kind.TEXT, gettext_noop("Valeur"), required=False),
            Parameter("column", Kind.COLUMN, gettext_noop("Autre colonne"), required=False),
        ), _fill,
    ),
    Preparation(
        "empty", Group.VALUES, gettext_noop("Vider des valeurs"),
        gettext_noop("Vide les cellules qui ne contiennent que l’un de ces mots (« - », « NC »…)."),
        gettext_noop("Cellules de {columns} vidées quand elles contiennent {values}"),
        (_COLUMNS, Parameter("values", Kind.TEXTS, gettext_noop("Valeurs à vider"))), _empty,
    ),
    Preparation(
        "round", Group.VALUES, gettext_noop("Arrondir des nombres"),
        gettext_noop("Arrondit des nombres à tant de décimales."),
        gettext_noop("{columns} arrondi à {decimals} décimales"),
        (_COLUMNS, Parameter("decimals", Kind.INTEGER, gettext_noop("Décimales"), required=False, default=0, low=-9, high=12)), _round, fails=True,
    ),
    Preparation(
        "number", Group.VALUES, gettext_noop("Extraire le nombre d’un texte"),
        gettext_noop("Met dans une nouvelle colonne le premier nombre d’un texte (« 12,5 kg » donne 12,5)."),
        gettext_noop("{to} : nombre extrait de {column}"),
        (_COLUMN, _TO), _number_after, fails=True,
    ),
    Preparation(
        "identifier", Group.VALUES, gettext_noop("Fabriquer un identifiant"),
        gettext_noop("Calcule un identifiant stable d’une ou plusieurs colonnes : les mêmes valeurs donnent le même. Il ne cache pas ces valeurs."),
        gettext_noop("Identifiant {to} calculé de {columns}"),
        (_COLUMNS, _TO, Parameter("length", Kind.INTEGER, gettext_noop("Longueur"), required=False, default=16, low=8, high=64)), _identifier,
    ),
)  # fmt: skip
"""One row a step."""
