"""The parameters of the Explore API as its description says them: those of requests, and the parts of addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from parvis.core.explore import EXPORT_FORMATS, request
from parvis.core.explore.request import Among, ExploreRequest, WholeNumber
from parvis.hub.api.openapi import described
from parvis.web.api.explore.metas import TEMPLATES

type Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_OF_READERS: dict[Callable[[str, str], Any], Schema] = {
    request.read_boolean: {"type": "boolean"},
    request.read_epsg: {**_TEXT, "pattern": "^([Ee][Pp][Ss][Gg]:)?[0-9]{1,6}$"},
}
_DEFAULTS = {row.name: row.default for row in fields(ExploreRequest)} | {
    "limit": request.PAGE_ROWS,
    "epsg": "4326",
    "select": "",
}
"""Those of the code; the whole row is not told as a selection."""
_PATH: dict[str, Any] = {
    "dataset_id": _("L’identifiant du jeu de données."),
    "record_id": _("L’identifiant de la ligne (_id)."),
    "slug": _("L’identifiant du document joint."),
    "file_id": _("L’identifiant du fichier, dans la ligne."),
    "kind": _("La sorte de métadonnées."),
    "name": _("Le nom du modèle de métadonnées."),
}
_KINDS = list(dict.fromkeys(kind for kind, _title in TEMPLATES.values()))
_EXPORTS = ", ".join(row.name for row in EXPORT_FORMATS)


def _schema(name: str, reader: Callable[[str, str], Any]) -> Schema:
    """The schema of one value, from its reader."""
    if isinstance(reader, WholeNumber):
        schema: Schema = {"type": "integer", "minimum": reader.least}
    elif isinstance(reader, Among):
        schema = {**_TEXT, "enum": list(reader.allowed)}
    else:
        schema = _OF_READERS.get(reader, _TEXT)
    default = _DEFAULTS[name]
    return schema if default in (None, "", ()) else {**schema, "default": default}


def _requested(name: str, row: request.Parameter) -> dict[str, Any]:
    body = _parameter(name, format_lazy(_(row.words), **row.values), _schema(name, row.read))
    if row.is_repeated:
        body |= {"schema": {"type": "array", "items": body["schema"]}, "style": "form", "explode": True}
    return body | ({"x-parvis-extension": True} if row.is_extension else {})


def _parameter(name: str, words: Any, schema: Schema, *, in_path: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "path" if in_path else "query", "required": in_path, **described(words, schema)}


def _in_path(name: str, words: Any) -> dict[str, Any]:
    return _parameter(
        name, words, {**_TEXT, **({"enum": _KINDS} if name == "kind" else {"minLength": 1})}, in_path=True
    )


PARAMETERS = {
    **{name: _requested(name, row) for name, row in request.PARAMETERS.items()},
    # Read by the lists of datasets alone
    "include_exports": _parameter(
        "include_exports",
        format_lazy(_("Les formats à lister pour chaque jeu, séparés par des virgules ({names})."), names=_EXPORTS),
        _TEXT,
    ),
    "use_labels_in_exports": _parameter(
        "use_labels_in_exports", _("Lister des CSV à titres de colonnes."), {"type": "boolean", "default": True}
    ),
    **{name: _in_path(name, words) for name, words in _PATH.items()},
}
"""Every parameter of the description, by name."""
