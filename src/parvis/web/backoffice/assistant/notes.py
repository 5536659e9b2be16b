"""What the readers and the profiler noticed, and how types are called, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from parvis.core.columns import ColumnType
from parvis.core.profiling.kinds import KIND_BY_NAME
from parvis.core.profiling.table import PARSER_BY_NAME
from parvis.hub.ui.formatting import is_french

READER_NOTES = {
    "preamble": gettext_lazy("Des lignes au-dessus de l’en-tête ont été laissées de côté : %(content)s"),
    "second-header": gettext_lazy("La ligne %(line)s répète un en-tête : %(names)s"),
    "no-header": gettext_lazy("Aucun en-tête reconnu : les colonnes sont numérotées."),
    "other-sheets": gettext_lazy("Feuille lue : « %(read)s ». Autres feuilles : %(others)s."),
    "merged-cells": gettext_lazy("%(count)s cellules fusionnées ont été dépliées."),
    "error-cells": gettext_lazy("%(count)s cellules contiennent une erreur de tableur : %(cells)s"),
    "encoding-mixed": gettext_lazy("Le fichier mélange deux encodages ; chaque ligne a été lue dans le sien."),
    "empty-columns-dropped": gettext_lazy("%(count)s colonnes entièrement vides et sans nom ont été laissées de côté."),
    "duplicate-keys": gettext_lazy("%(count)s objets répètent une clé : la dernière valeur est gardée."),
    "geometry-unreadable": gettext_lazy("%(count)s géométries sont illisibles."),
    "geometry-empty": gettext_lazy("%(count)s géométries sont vides."),
    "geometry-invalid": gettext_lazy("%(count)s géométries sont mal formées ; elles sont gardées telles quelles."),
    "projection-guessed": gettext_lazy("Le fichier ne dit pas sa projection ; lue comme %(crs)s."),
    "short-lines": gettext_lazy("%(count)s lignes ont moins de cellules que l’en-tête ; les dernières sont vides."),
    "empty-lines": gettext_lazy("%(count)s lignes vides ont été passées."),
    "quotes-mended": gettext_lazy("%(count)s lignes ont des guillemets mal placés, qui ont pu être compris."),
    "envelope-dropped": gettext_lazy("Ce qui entoure la liste dans le fichier a été laissé de côté."),
}
"""Sentences for the notes of the readers; those of the profiler bring their own."""

TYPES = {
    ColumnType.TEXT: gettext_lazy("texte"),
    ColumnType.INT: gettext_lazy("nombre entier"),
    ColumnType.DOUBLE: gettext_lazy("nombre décimal"),
    ColumnType.BOOLEAN: gettext_lazy("oui ou non"),
    ColumnType.DATE: gettext_lazy("date"),
    ColumnType.DATETIME: gettext_lazy("date et heure"),
    ColumnType.GEO_POINT: gettext_lazy("point sur la carte"),
    ColumnType.GEO_SHAPE: gettext_lazy("forme sur la carte"),
    ColumnType.FILE: gettext_lazy("fichier"),
    ColumnType.JSON: gettext_lazy("objet JSON"),
}


def _listed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        shown = [", ".join(map(str, part)) if isinstance(part, list | tuple) else str(part) for part in value[:10]]
        return " · ".join(shown)
    return value


def note_sentence(note: Mapping[str, Any]) -> str:
    """A stored note in words; its code and details when nobody wrote a sentence for it."""
    written = note.get("fr" if is_french() else "en")
    if written:
        return str(written)
    details = {name: _listed(value) for name, value in (note.get("details") or {}).items()}
    template = READER_NOTES.get(note["code"])
    if template is not None:
        try:
            return str(template) % details
        except KeyError:
            pass
    return " ".join([note["code"], *(f"{name} = {value}" for name, value in details.items())])


def type_name(kind: Any) -> str:
    """A type in words."""
    try:
        return str(TYPES[ColumnType(kind)])
    except ValueError:
        return str(kind)


def kind_name(kind: str) -> str:
    """A recognised meaning in words."""
    known = KIND_BY_NAME.get(kind)
    return kind if known is None else (known.fr if is_french() else known.en)


def parser_name(parser: str) -> str:
    """A way of reading a column, by the words for its values."""
    known = PARSER_BY_NAME.get(parser)
    return parser if known is None else (known.words.fr if is_french() else known.words.en)
