"""What the readers and the profiler noticed, and how types are called, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parvis.core.columns import ColumnType
from parvis.core.notes import sentence
from parvis.core.profiling.kinds import KIND_BY_NAME
from parvis.core.profiling.table import PARSER_BY_NAME
from parvis.core.recipes import step_sentence
from parvis.core.staging import Note
from parvis.core.transforms import TRANSFORMS, Step
from parvis.core.transforms.preparation.table import preparation_of
from parvis.core.translation import SOURCE, quoted

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


def note_sentence(note: Mapping[str, Any]) -> str:
    """A stored note in words."""
    return sentence(Note(note["code"], note.get("details") or {}), get_language() or SOURCE)


def type_name(kind: Any) -> str:
    """A type in words."""
    try:
        return str(TYPES[ColumnType(kind)])
    except ValueError:
        return str(kind)


def kind_name(kind: str) -> str:
    """A recognised meaning in words."""
    entry = KIND_BY_NAME.get(kind)
    return kind if entry is None else _(entry.label)


def parser_name(parser: str) -> str:
    """A way of reading a column, by the words for its values."""
    entry = PARSER_BY_NAME.get(parser)
    return parser if entry is None else _(entry.words.one)


def step_words(step: Mapping[str, Any]) -> str:
    """A step accepted by a person, or its outcome, in words: what it does, and to which column."""
    if preparation_of(prepared := Step.from_dict(step)) is not None:
        return step_sentence(prepared, get_language() or SOURCE)
    transform = TRANSFORMS.get(step["name"])
    words = step["name"] if transform is None else _(transform.label)
    parameters = step.get("parameters") or {}
    columns = [parameters["column"]] if "column" in parameters else list(parameters.get("names") or ())
    if not columns:
        return words
    return f"{words} – " + ", ".join(quoted(column, get_language() or SOURCE) for column in columns)
