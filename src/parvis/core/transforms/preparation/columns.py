"""Columns: renamed, taken away, kept, put in order, copied, filled with one value, joined, split."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.staging import ROWS, StagedColumn, quote_identifier
from parvis.core.transforms.preparation.model import Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.work import Cell, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_HOLE = re.compile(r"\{([^{}]*)\}")


def _rename(work: Work, values: Mapping[str, Any]) -> Result:
    names = {work.column(former).name: new for former, new in values["names"].items()}
    columns = tuple(replace(c, header=names.get(c.name, c.header)) for c in work.staged.columns)
    headers = [column.header for column in columns]
    for new in names.values():
        if not new.strip():
            raise work.refuse(Sentence("une colonne doit avoir un nom"))
        if headers.count(new) > 1:
            raise work.refuse(Sentence("deux colonnes s’appelleraient « {column} »", {"column": new}))
    return Result(replace(work.staged, columns=columns))


def _without(work: Work, gone: set[str]) -> Result:
    left = [column for column in work.staged.columns if column.name not in gone]
    if not left:
        raise work.refuse(Sentence("il ne resterait aucune colonne"))
    return _only(work, left)


def _only(work: Work, columns: list[StagedColumn]) -> Result:
    if len(columns) == len(work.staged.columns):
        return Result(replace(work.staged, columns=tuple(columns)))
    names = ", ".join(quote_identifier(column.name) for column in columns)
    return replace(work.select(f"SELECT line, {names} FROM {ROWS}", columns), rows=0)


def _drop(work: Work, values: Mapping[str, Any]) -> Result:
    return _without(work, {work.column(header).name for header in values["columns"]})


def _keep(work: Work, values: Mapping[str, Any]) -> Result:
    chosen = dict.fromkeys(work.column(header) for header in values["columns"])
    return _only(work, list(chosen))


def _reorder(work: Work, values: Mapping[str, Any]) -> Result:
    first = dict.fromkeys(work.column(header) for header in values["columns"])
    rest = [column for column in work.staged.columns if column not in first]
    return Result(replace(work.staged, columns=(*first, *rest)))


def _copy(work: Work, values: Mapping[str, Any]) -> Result:
    column = work.column(values["column"])
    return work.put({work.free(values["to"]): Cell(quote_identifier(column.name), column.hint)}, after=column.header)


def _add(work: Work, values: Mapping[str, Any]) -> Result:
    return work.put({work.free(values["to"]): Cell(f"{work.bind(values['value'])}::VARCHAR")})


def _concat(work: Work, values: Mapping[str, Any]) -> Result:
    cells = ", ".join(f"nullif(trim({work.text(header)}), '')" for header in values["columns"])
    gone = values["columns"] if values["drop"] else []
    joined = f"nullif(concat_ws({work.bind(values['with'])}::VARCHAR, {cells}), '')"
    header = work.free(values["to"], gone)
    if header not in gone:
        return work.put({header: Cell(joined, ColumnType.TEXT)}, after=values["columns"][-1], gone=gone)
    return work.put({header: Cell(joined, ColumnType.TEXT)}, gone=gone)


def _template(work: Work, values: Mapping[str, Any]) -> Result:
    text, parts, last, cells = values["template"], [], 0, []
    for match in _HOLE.finditer(text):
        cell = work.text(match[1])
        parts += [f"{work.bind(text[last : match.start()])}::VARCHAR", f"coalesce({cell}, '')"]
        cells.append(f"coalesce({cell}, '') <> ''")
        last = match.end()
    if not cells:
        raise work.refuse(Sentence("le modèle ne nomme aucune colonne entre accolades"))
    written = " || ".join([*parts, f"{work.bind(text[last:])}::VARCHAR"])
    # A text of which every hole is empty would tell of nothing.
    sql = f"CASE WHEN {' OR '.join(cells)} THEN {written} END"
    return work.put({work.free(values["to"]): Cell(sql, ColumnType.TEXT)})


def _split(work: Work, values: Mapping[str, Any]) -> Result:
    cell, by, count = work.cell(values["column"]), work.bind(values["by"]), len(values["to"])
    if not values["by"]:
        raise work.refuse(Sentence("il faut un séparateur"))
    gone = [values["column"]] if values["drop"] else []
    parts = f"string_split({cell}, {by}::VARCHAR)"
    cells = {}
    for rank, header in enumerate(values["to"], 1):
        part = f"{parts}[{rank}]"
        if rank == count and values["rest"]:
            part = f"array_to_string({parts}[{rank}:], {by}::VARCHAR)"
        cells[work.free(header, gone)] = Cell(f"nullif(trim({part}), '')")
    return work.put(cells, after=values["column"], gone=gone)


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_COLUMNS = Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes"))
_TO = Parameter("to", Kind.NEW, gettext_noop("Nouvelle colonne"))
_DROP = Parameter("drop", Kind.BOOLEAN, gettext_noop("Retirer les colonnes d’origine"), required=False, default=False)

COLUMNS: tuple[Preparation, ...] = (
    Preparation(
        "rename", Group.COLUMNS, gettext_noop("Renommer des colonnes"),
        gettext_noop("Donne un autre nom à des colonnes."),
        gettext_noop("Colonnes renommées : {names}"),
        (Parameter("names", Kind.NAMES, gettext_noop("Ancien nom, puis nouveau nom")),), _rename,
    ),
    Preparation(
        "drop", Group.COLUMNS, gettext_noop("Retirer des colonnes"),
        gettext_noop("Retire ces colonnes, et garde les autres."),
        gettext_noop("Colonnes retirées : {columns}"), (_COLUMNS,), _drop,
    ),
    Preparation(
        "keep", Group.COLUMNS, gettext_noop("Ne garder que certaines colonnes"),
        gettext_noop("Garde ces colonnes, dans cet ordre, et retire les autres."),
        gettext_noop("Colonnes gardées : {columns}"), (_COLUMNS,), _keep,
    ),
    Preparation(
        "reorder", Group.COLUMNS, gettext_noop("Mettre des colonnes en tête"),
        gettext_noop("Met ces colonnes en premier, dans cet ordre ; les autres suivent."),
        gettext_noop("Colonnes mises en tête : {columns}"), (_COLUMNS,), _reorder,
    ),
    Preparation(
        "copy", Group.COLUMNS, gettext_noop("Copier une colonne"),
        gettext_noop("Ajoute une colonne qui contient la même chose qu’une autre."),
        gettext_noop("Colonne {to} copiée de {column}"), (_COLUMN, _TO), _copy,
    ),
    Preparation(
        "add", Group.COLUMNS, gettext_noop("Ajouter une colonne de même valeur"),
        gettext_noop("Ajoute une colonne qui contient la même valeur à chaque ligne."),
        gettext_noop("Colonne {to} ajoutée : {value} à chaque ligne"),
        (_TO, Parameter("value", Kind.TEXT, gettext_noop("Valeur"))), _add,
    ),
    Preparation(
        "concat", Group.COLUMNS, gettext_noop("Réunir des colonnes en une"),
        gettext_noop("Met bout à bout les cellules remplies de plusieurs colonnes."),
        gettext_noop("Colonne {to} réunie de {columns}"),
        (_COLUMNS, _TO, Parameter("with", Kind.TEXT, gettext_noop("Séparateur"), required=False, default=" "), _DROP), _concat,
    ),
    Preparation(
        "template", Group.COLUMNS, gettext_noop("Écrire une colonne d’après un modèle"),
        gettext_noop("Écrit un texte où chaque nom de colonne entre accolades est remplacé par sa cellule."),
        gettext_noop("Colonne {to} écrite d’après le modèle {template}"),
        (_TO, Parameter("template", Kind.TEXT, gettext_noop("Modèle, par exemple « {numero} {voie} »"))), _template,
    ),
    Preparation(
        "split", Group.COLUMNS, gettext_noop("Séparer une colonne en plusieurs"),
        gettext_noop("Coupe chaque cellule à un séparateur, une partie par nouvelle colonne."),
        gettext_noop("Colonne {column} séparée en {to}"),
        (
            _COLUMN, Parameter("by", Kind.TEXT, gettext_noop("Séparateur")),
            Parameter("to", Kind.NEWS, gettext_noop("Nouvelles colonnes")),
            Parameter("rest", Kind.BOOLEAN, gettext_noop("La dernière prend tout le reste"), required=False, default=True), _DROP,
        ), _split,
    ),
)  # fmt: skip
"""One row a step."""
