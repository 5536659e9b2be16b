"""Types and constraints of a schema in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parvis.core.schemas import Field, TableSchema
from parvis.core.translation import SOURCE
from parvis.core.validation.placeholders import layout_words

TYPES = {
    "string": gettext_lazy("texte"),
    "integer": gettext_lazy("nombre entier"),
    "number": gettext_lazy("nombre"),
    "boolean": gettext_lazy("oui ou non"),
    "date": gettext_lazy("date"),
    "datetime": gettext_lazy("date et heure"),
    "time": gettext_lazy("heure"),
    "year": gettext_lazy("année"),
    "yearmonth": gettext_lazy("mois d’une année"),
    "duration": gettext_lazy("durée"),
    "geopoint": gettext_lazy("point sur la carte"),
    "geojson": gettext_lazy("forme sur la carte (GeoJSON)"),
    "object": gettext_lazy("objet JSON"),
    "array": gettext_lazy("liste JSON"),
    "any": gettext_lazy("n’importe quelle valeur"),
}
FORMATS = {
    "email": gettext_lazy("adresse électronique"),
    "uri": gettext_lazy("adresse web"),
    "uuid": gettext_lazy("identifiant UUID"),
    "binary": gettext_lazy("base64"),
    "wkt": gettext_lazy("forme en WKT"),
}
_LINK = re.compile(r"\[([^\]]*)\]\s*\(([^)\s]*)\)")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field as its page shows it."""

    field: Field
    kind: str
    description: str
    rules: list[str]
    values: list[str]
    """The values allowed, when they are few enough to show."""
    example: str


def without_links(text: str) -> str:
    """A description without the marks of its links: their words stay.

    >>> without_links("Le [SIRET](https://exemple.fr) du bénéficiaire")
    'Le SIRET du bénéficiaire'
    """
    return _LINK.sub(r"\1", text)


def field_rows(schema: TableSchema) -> list[FieldRow]:
    """Every field, in the order of the schema."""
    return [_field_row(field) for field in schema.fields]


def _field_row(field: Field) -> FieldRow:
    allowed = [str(value) for value in field.constraints.get("enum", ())]
    example = "" if field.example is None else str(field.example)
    return FieldRow(field, kind_words(field), without_links(field.description), list(_rules(field)), allowed, example)


def kind_words(field: Field) -> str:
    """The type, with its format when that says more."""
    name, language = str(TYPES.get(field.type, field.type)), get_language() or SOURCE
    if field.type in ("date", "datetime", "time"):
        if field.format not in ("default", "any"):
            return f"{name} ({layout_words(field.format, language)})"
        return f"{name} ({layout_words('%Y-%m-%d', language)})" if field.type == "date" else name
    return str(FORMATS.get(field.format, name)) if field.type == "string" else name


_CONSTRAINTS: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("minimum", lambda limit: _("au moins %s") % limit),
    ("maximum", lambda limit: _("au plus %s") % limit),
    ("minLength", lambda limit: _("%s caractères au moins") % limit),
    ("maxLength", lambda limit: _("%s caractères au plus") % limit),
    ("pattern", lambda limit: _("de la forme %s") % limit),
)


def _rules(field: Field) -> Iterator[str]:
    if field.unique:
        yield _("jamais deux fois la même valeur")
    for name, words in _CONSTRAINTS:
        if field.constraints.get(name) not in (None, ""):
            yield words(field.constraints[name])
