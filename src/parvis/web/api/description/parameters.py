"""The parameters of the Explore API, one row each: the readers of ``ExploreRequest`` with what they are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from parvis.core.explore import EXPORT_FORMATS
from parvis.core.explore.request import (
    LARGEST_GROUPS,
    LARGEST_PAGE,
    LAST_ROW,
    PAGE_ROWS,
    READERS,
    REPEATED,
    Among,
    ExploreRequest,
    WholeNumber,
    read_boolean,
    read_epsg,
)
from parvis.hub.api.openapi import described

type Schema = dict[str, Any]
_EXTENSIONS = frozenset({"after", "version"})
_OF_READERS: dict[Callable[[str, str], Any], Schema] = {
    read_boolean: {"type": "boolean"},
    read_epsg: {"type": "string", "pattern": "^([Ee][Pp][Ss][Gg]:)?[0-9]{1,6}$"},
}
_DEFAULTS = {row.name: row.default for row in fields(ExploreRequest)} | {
    "limit": PAGE_ROWS,
    "epsg": "4326",
    "select": "",
}
"""Those of the code; the whole row is not told as a selection."""
_EXPORTS = ", ".join(row.name for row in EXPORT_FORMATS)

WORDS: dict[str, Any] = {
    "select": _("Les colonnes et calculs voulus, séparés par des virgules ; tout par défaut."),
    "where": _("Une condition en ODSQL ; répété, toutes doivent être vraies."),
    "group_by": _("Ce qui fait un groupe ; une ligne par groupe."),
    "order_by": _("L’ordre des lignes : un nom, puis asc ou desc."),
    "limit": format_lazy(
        _(
            "Le nombre de lignes : {page} par défaut, {most} au plus par page, {groups} groupes ; -1 veut dire le plus possible. "
            "Un export donne tout par défaut."
        ),
        page=PAGE_ROWS,
        most=LARGEST_PAGE,
        groups=LARGEST_GROUPS,
    ),
    "offset": format_lazy(
        _("Les lignes à sauter ; offset + limit ne dépasse pas {last} ({groups} groupes)."),
        last=LAST_ROW,
        groups=LARGEST_GROUPS,
    ),
    "refine": _("Garder une valeur d’une facette : nom:valeur."),
    "exclude": _("Écarter une valeur d’une facette : nom:valeur."),
    "facet": _('Une facette à compter : son nom, ou facet(name="…", sort="-count", limit=20).'),
    "lang": _("La langue des mots de la réponse."),
    "timezone": _("Le fuseau des dates et heures : Europe/Paris, UTC…"),
    "include_links": _("Ajouter les liens (_links)."),
    "include_app_metas": _("Ajouter _id, _timestamp et _size aux lignes, les métadonnées d’usage aux jeux."),
    "use_labels": _("Nommer les colonnes par leurs titres."),
    "compressed": _("Rendre le fichier compressé par gzip."),
    "delimiter": _("Le séparateur des colonnes du CSV."),
    "list_separator": _("Le séparateur des valeurs multiples."),
    "quote_all": _("Mettre chaque cellule entre guillemets."),
    "with_bom": _("Commencer le CSV par la marque UTF-8."),
    "parquet_compression": _("La compression du Parquet."),
    "epsg": _("Le système de coordonnées, par son code EPSG : 2154 pour le Lambert 93."),
    "name_field": _("La colonne qui nomme chaque point."),
    "description_field_list": _("Les colonnes qui décrivent chaque point."),
    "use_extension": _("Écrire les autres colonnes dans les extensions."),
    "after": _(
        "Parcourir toutes les lignes page par page : * pour la première, puis le jeton « after » de chaque réponse."
    ),
    "version": _("Interroger une version ancienne, par son nom."),
    # Read by the lists of datasets alone
    "include_exports": format_lazy(
        _("Les formats à lister pour chaque jeu, séparés par des virgules ({names})."), names=_EXPORTS
    ),
    "use_labels_in_exports": _("Lister des CSV à titres de colonnes."),
    # Parts of the path
    "dataset_id": _("L’identifiant du jeu de données."),
    "record_id": _("L’identifiant de la ligne (_id)."),
    "slug": _("L’identifiant du document joint."),
    "file_id": _("L’identifiant du fichier, dans la ligne."),
    "kind": _("La sorte de métadonnées."),
    "name": _("Le nom du modèle de métadonnées."),
}
"""What each parameter is for."""
IN_PATH = ("dataset_id", "record_id", "slug", "file_id", "kind", "name")
_SCHEMAS: dict[str, Schema] = {
    **{name: {"type": "string", "minLength": 1} for name in IN_PATH},
    "kind": {"type": "string", "enum": ["basic", "interop", "custom", "application"]},
    "include_exports": {"type": "string"},
    "use_labels_in_exports": {"type": "boolean", "default": True},
}


def _schema(name: str) -> Schema:
    """The schema of one value, from its reader."""
    if name in _SCHEMAS:
        return _SCHEMAS[name]
    reader = READERS[name]
    if isinstance(reader, WholeNumber):
        schema: Schema = {"type": "integer", "minimum": reader.least}
    elif isinstance(reader, Among):
        schema = {"type": "string", "enum": list(reader.allowed)}
    else:
        schema = _OF_READERS.get(reader, {"type": "string"})
    default = _DEFAULTS[name]
    return schema if default in (None, "", ()) else {**schema, "default": default}


def _parameter(name: str) -> dict[str, Any]:
    is_path, schema = name in IN_PATH, _schema(name)
    body = {"name": name, "in": "path" if is_path else "query", "required": is_path, **described(WORDS[name], schema)}
    if name in REPEATED:
        body |= {"schema": {"type": "array", "items": schema}, "style": "form", "explode": True}
    return body | ({"x-parvis-extension": True} if name in _EXTENSIONS else {})


PARAMETERS = {name: _parameter(name) for name in WORDS}
"""Every parameter of the description, by name."""
